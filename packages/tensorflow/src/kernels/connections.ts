import type { Graph, GraphNode } from '../graph/graph.js';

interface Members {
  readonly members: ReadonlyMap<GraphNode, unknown>;
}

/** The links between the nodes of a graph. */
export interface Connections {
  /** Returns the nodes that use a result of the node. */
  users(node: GraphNode): readonly GraphNode[];
  neighbours(node: GraphNode): Set<GraphNode>;
  /** Returns whether a group with this node would have to wait for itself through nodes outside. */
  closesCircle(node: GraphNode, members: ReadonlyMap<GraphNode, unknown>, groups: ReadonlyMap<GraphNode, Members>): boolean;
}

export function connections(graph: Graph): Connections {
  const before = new Map<GraphNode, ReadonlySet<GraphNode>>(graph.map((node) => [node, new Set(node.inputs.map((input) => input.node))]));
  const after = new Map<GraphNode, GraphNode[]>(graph.map((node) => [node, []]));
  for (const [node, makers] of before) for (const maker of makers) after.get(maker)?.push(node);
  const producers = (node: GraphNode): Iterable<GraphNode> => before.get(node) ?? [];
  const users = (node: GraphNode): readonly GraphNode[] => after.get(node) ?? [];

  const leadsTo = (
    next: (node: GraphNode) => Iterable<GraphNode>,
    node: GraphNode,
    members: ReadonlyMap<GraphNode, unknown>,
    groups: ReadonlyMap<GraphNode, Members>,
  ): boolean => {
    const seen = new Set<GraphNode>([node]);
    const open: GraphNode[] = [];
    const visit = (one: GraphNode): void => {
      if (seen.has(one)) return;
      // A node that waits for one member of a finished group waits for all of them.
      for (const together of groups.get(one)?.members.keys() ?? [one]) {
        seen.add(together);
        open.push(together);
      }
    };
    for (const one of next(node)) if (!members.has(one)) visit(one);
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      for (const linked of next(one)) {
        if (members.has(linked)) return true;
        visit(linked);
      }
    }
    return false;
  };
  return {
    users,
    neighbours: (node) => new Set([...producers(node), ...users(node)]),
    closesCircle: (node, members, groups) => leadsTo(users, node, members, groups) || leadsTo(producers, node, members, groups),
  };
}
