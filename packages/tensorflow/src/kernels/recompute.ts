import { endpoint, type GraphNode, type Ref } from '../graph/graph.js';
import type { Connections } from './connections.js';
import type { Group } from './groups.js';
import { fusable, type Fusable } from './operations.js';
import { isNumber } from './view.js';

/** The number of preceding operations up to which a value is computed again: more would cost as much as reading it. */
const deepest = 6;

/** Operations that are too expensive to compute twice. */
const dear = /^(Softmax|LogSoftmax|OneHot|TemperDivergence)$/;

/**
 * Returns the values that each group computes again although another group has them: otherwise the other group would write them to memory
 * only for this one. Either their operands are read here anyway, or an operand that is in memory anyway is read instead. The gradients of
 * LayerNorm and gelu then need only the inputs of the forward pass.
 */
export function recomputed(groups: readonly Group[], { users }: Connections): ReadonlyMap<Group, ReadonlyMap<GraphNode, Fusable>> {
  const homes = new Map(groups.flatMap((group) => [...group.members.keys()].map((node) => [node, group] as const)));
  /** Returns whether a value is in memory even if `reader` does not read it. */
  const isInMemory = (node: GraphNode, reader: Group): boolean => {
    const home = homes.get(node);
    return home === undefined || users(node).some((user) => homes.get(user) !== home && homes.get(user) !== reader);
  };
  return new Map(
    groups.map((group) => [
      group,
      ofGroup(
        group,
        (node) => homes.has(node),
        (node) => isInMemory(node, group),
      ),
    ]),
  );
}

function ofGroup(
  { view, members }: Group,
  isComputed: (node: GraphNode) => boolean,
  isInMemory: (node: GraphNode) => boolean,
): ReadonlyMap<GraphNode, Fusable> {
  const outside = [...members].flatMap(([node, { uses }]) =>
    uses.map(({ kind }, i) => ({ kind, operand: node.inputs[i] as Ref })).filter(({ operand }) => !members.has(operand.node)),
  );
  const read = new Set(outside.map(({ operand }) => endpoint(operand)));
  const found = new Map<GraphNode, Fusable>();

  /** Returns whether the value can be computed here with at most `instead` as replacement reads; its operations are stored. */
  const add = (node: GraphNode, depth: number, instead: Set<string>): boolean => {
    const one = fusable(node, view);
    if (one?.kind !== 'full' || depth > deepest || !isComputed(node) || members.has(node) || dear.test(node.op)) return false;
    const isAtHand = (operand: Ref, kind: string): boolean => {
      const member = members.get(operand.node) ?? found.get(operand.node);
      if (member !== undefined) return member.kind === kind;
      if (kind !== 'full' || read.has(endpoint(operand)) || isNumber(operand)) return true;
      if (!isInMemory(operand.node)) return add(operand.node, depth + 1, instead);
      instead.add(endpoint(operand));
      return true;
    };
    if (!one.uses.every(({ kind }, i) => isAtHand(node.inputs[i] as Ref, kind))) return false;
    found.set(node, one);
    return true;
  };
  for (const { kind, operand } of outside) {
    if (kind !== 'full' || found.has(operand.node)) continue;
    const [instead, before] = [new Set<string>(), new Map(found)];
    const isPossible = add(operand.node, 0, instead);
    if (isPossible && instead.size <= (isInMemory(operand.node) ? 0 : 1)) for (const one of instead) read.add(one);
    else {
      found.clear();
      for (const [node, one] of before) found.set(node, one);
    }
  }
  return found;
}
