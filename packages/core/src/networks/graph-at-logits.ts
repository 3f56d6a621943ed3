import type { Ending } from './ending.js';

/** A node of a TensorFlow graph as a model.json holds it. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
}

const endings: Readonly<Record<string, Ending>> = { Softmax: 'softmax', Sigmoid: 'sigmoid' };
/** Operations that change at most how rows are arranged. */
const keepsRows = new Set(['Identity', 'Reshape', 'Squeeze', 'ExpandDims', 'StopGradient', 'Snapshot']);

/** The node that makes probabilities of logits at the end of a graph, found from the name of its output. */
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

/** `dense/Softmax` of `^dense/Softmax` and `dense/Softmax:0`. */
export const nodeName = (input: string): string => input.replace(/^\^/, '').replace(/:\d+$/, '');
