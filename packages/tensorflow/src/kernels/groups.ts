import { sizeOf } from '@temper/core';
import { specOf, type Graph, type GraphNode, type Ref } from '../graph/graph.js';
import type { Connections } from './connections.js';
import { divergenceOp } from './divergence.js';
import { fusable, moves, reduces, type Fusable } from './operations.js';
import { lastOf, type View } from './view.js';

/** Nodes that one kernel computes. */
export interface Group {
  readonly view: View;
  readonly members: Map<GraphNode, Fusable>;
}

/**
 * Finds the nodes that are faster when computed together, with `elementwise` also where no table fixes the columns. No node is in two
 * groups, and the groups can be ordered among the other nodes.
 */
export function findGroups(graph: Graph, links: Connections, elementwise: boolean): Group[] {
  const taken = new Map<GraphNode, Group>();
  const groups: Group[] = [];
  for (const { node, view } of seeds(graph, links, elementwise)) {
    if (taken.has(node)) continue;
    const group = grow(node, view, links, taken);
    if (group === undefined) continue;
    for (const member of group.members.keys()) taken.set(member, group);
    groups.push(group);
  }
  return groups;
}

/** Returns the nodes from which groups start: first those that fix the table's columns, since plain elementwise nodes join any. */
function seeds(graph: Graph, links: Connections, elementwise: boolean): { node: GraphNode; view: View }[] {
  const bound: { node: GraphNode; view: View }[] = [];
  const loose: typeof bound = [];
  const numbers: typeof bound = [];
  for (const node of graph) {
    const shape = (reduces.has(node.op) ? specOf(node.inputs[0] as Ref) : node.outputs[0])?.shape ?? [];
    const size = sizeOf(shape);
    const flat = { rows: size, columns: 1 };
    const table = { rows: size / lastOf(shape), columns: lastOf(shape) };
    if (!canJoin(node, links)) continue;
    if (fusable(node, flat) !== undefined) (size === 1 ? numbers : loose).push({ node, view: flat });
    else if (table.rows > 1 && table.columns > 1 && fusable(node, table) !== undefined) bound.push({ node, view: table });
  }
  return elementwise ? [...bound, ...loose, ...numbers] : bound;
}

/**
 * Returns whether a node may join. A bias that TensorFlow adds within a matrix product or convolution, with the ReLU after it, costs
 * nothing there.
 */
const canJoin = (node: GraphNode, links: Connections): boolean =>
  !isFusedBias(node, links) && !(node.op === 'Relu' && isFusedBias((node.inputs[0] as Ref).node, links));

function isFusedBias({ op, inputs: [x] }: GraphNode, { users }: Connections): boolean {
  return op === 'BiasAdd' && x !== undefined && /^(MatMul|Conv2D|DepthwiseConv2dNative)$/.test(x.node.op) && users(x.node).length === 1;
}

function grow(seed: GraphNode, view: View, links: Connections, taken: ReadonlyMap<GraphNode, Group>): Group | undefined {
  const first = fusable(seed, view);
  if (first === undefined) return undefined;
  const members = new Map([[seed, first]]);
  let waiting = links.neighbours(seed);
  for (let grown = true; grown; ) {
    grown = false;
    const candidates = waiting;
    waiting = new Set();
    for (const node of candidates) {
      if (members.has(node) || taken.has(node)) continue;
      const one = canJoin(node, links) ? fusable(node, view) : undefined;
      if (one === undefined || !fits(node, one, members, links)) continue;
      if (isNumberForOthers(node, one, members, links) || links.closesCircle(node, members, taken)) {
        waiting.add(node);
        continue;
      }
      members.set(node, one);
      grown = true;
      for (const next of links.neighbours(node)) waiting.add(next);
    }
  }
  trim(members, links);
  return isWorthwhile(members) ? { view, members } : undefined;
}

/** Returns whether a node and its linked members use the same form of the values between them. */
function fits(node: GraphNode, { kind, uses }: Fusable, members: Group['members'], { users }: Connections): boolean {
  const takes = uses.every(({ kind: wanted }, i) => {
    const producer = members.get((node.inputs[i] as Ref).node);
    return producer === undefined || producer.kind === wanted;
  });
  return takes && users(node).every((user) => usesAs(user, node, members.get(user), kind));
}

const usesAs = (user: GraphNode, node: GraphNode, one: Fusable | undefined, kind: string): boolean =>
  one === undefined || one.uses.every((wanted, i) => user.inputs[i]?.node !== node || wanted.kind === kind);

/** Returns whether other nodes wait for a number: it is computed separately, so that they need not wait for this group's tables. */
const isNumberForOthers = (node: GraphNode, { kind }: Fusable, members: Group['members'], { users }: Connections): boolean =>
  kind === 'scalar' &&
  [...members.values()].some((one) => one.kind !== 'scalar') &&
  (users(node).length === 0 || users(node).some((user) => !members.has(user)));

/** Removes reshapes at the edge, which move no data in TensorFlow; inside of a kernel they would be outputs and thus copies. */
function trim(members: Group['members'], { users }: Connections): void {
  for (let trimmed = true; trimmed; ) {
    trimmed = false;
    for (const node of members.keys()) {
      const isEdge = !node.inputs.slice(0, 1).some((input) => members.has(input.node)) || !users(node).some((user) => members.has(user));
      if (moves.has(node.op) && isEdge) trimmed = members.delete(node);
    }
  }
}

const isWorthwhile = (members: Group['members']): boolean => {
  const operations = [...members.keys()].filter(({ op }) => !moves.has(op));
  return operations.length > 1 || operations.some(({ op }) => op === divergenceOp);
};
