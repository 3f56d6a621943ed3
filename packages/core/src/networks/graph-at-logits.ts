import type { Ending } from './ending.js';

/** A node of a TensorFlow graph in a model.json. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
}

const endings: Readonly<Record<string, Ending>> = { Softmax: 'softmax', Sigmoid: 'sigmoid' };
/** Operations that at most reshape rows. */
const keepsRows = new Set(['Identity', 'Reshape', 'Squeeze', 'ExpandDims', 'StopGradient', 'Snapshot']);

/** Returns the node at the end of a graph that converts logits to probabilities, found from the name of its output. */
export function graphEnding<N extends GraphNode>(
  nodes: readonly N[],
  output: string,
): { readonly node: N; readonly ending: Ending } | undefined {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  let node = byName.get(nodeName(output));
  while (node !== undefined && keepsRows.has(node.op)) node = byName.get(nodeName(node.input?.[0] ?? ''));
  const ending = node && endings[node.op];
  return node === undefined || ending === undefined ? undefined : { node, ending };
}

/** Returns the name of the node: `dense/Softmax` for `^dense/Softmax` and `dense/Softmax:0`. */
export const nodeName = (input: string): string => input.replace(/^\^/, '').replace(/:\d+$/, '');
