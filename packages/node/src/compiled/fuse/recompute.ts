import { endpoint, type GraphNode, type Ref } from '../graph.js';
import type { Group } from './groups.js';
import { fusable, type Fusable } from './operations.js';
import { isNumber } from './view.js';

/** Operations before a value up to which it is computed again: more would cost what reading it does. */
const deepest = 6;

/**
 * What each group computes again although another group has it, because its operands are read anyway: otherwise the
 * other group would write it to memory only for this one to read. The gradients of LayerNorm and gelu then need little
 * more than what the forward pass was given.
 */
export function recomputed(groups: readonly Group[]): ReadonlyMap<Group, ReadonlyMap<GraphNode, Fusable>> {
  const computed = new Set(groups.flatMap(({ members }) => [...members.keys()]));
  return new Map(groups.map((group) => [group, ofGroup(group, computed)]));
}

function ofGroup({ view, members }: Group, computed: ReadonlySet<GraphNode>): ReadonlyMap<GraphNode, Fusable> {
  const outside = [...members].flatMap(([node, { uses }]) => uses.map(({ kind }, i) => ({ kind, operand: node.inputs[i] as Ref })).filter(({ operand }) => !members.has(operand.node)));
  const read = new Set(outside.map(({ operand }) => endpoint(operand)));
  const found = new Map<GraphNode, Fusable>();

  const isAtHand = (operand: Ref, kind: string): boolean => {
    const member = members.get(operand.node) ?? found.get(operand.node);
    if (member !== undefined) return member.kind === kind;
    return kind !== 'full' || read.has(endpoint(operand)) || isNumber(operand);
  };
  /** Whether the value, and what it takes to have it, could be added. */
  const add = (node: GraphNode, depth: number): boolean => {
    const one = fusable(node, view);
    if (one?.kind !== 'full' || depth > deepest || !computed.has(node) || members.has(node) || dear.test(node.op)) return false;
    if (!one.uses.every(({ kind }, i) => isAtHand(node.inputs[i] as Ref, kind) || (kind === 'full' && add((node.inputs[i] as Ref).node, depth + 1)))) return false;
    found.set(node, one);
    return true;
  };
  for (const { kind, operand } of outside) if (kind === 'full' && !found.has(operand.node)) add(operand.node, 0);
  return found;
}

/** Not worth computing twice. */
const dear = /^(Softmax|LogSoftmax|OneHot)$/;
