/**
 * Topologies as they stand in a model.json. A classifier is often saved with a softmax at its end, while a
 * temperature divides logits; both functions take the softmax away, in place, so that the model ends with what
 * went into it.
 */
interface LayerJson {
  readonly name?: string;
  class_name: string;
  readonly config: Record<string, unknown>;
}

/** Ends a Keras-style topology at its logits. True where there was a softmax. */
export function endLayersAtLogits(topology: object): boolean {
  const root = ((topology as { model_config?: object }).model_config ?? topology) as { config?: unknown };
  const config = root.config as { layers?: LayerJson[]; output_layers?: [string][] } | LayerJson[] | undefined;
  const layers = Array.isArray(config) ? config : (config?.layers ?? []);
  const output = Array.isArray(config) ? undefined : config?.output_layers?.[0]?.[0];
  const last = output === undefined ? layers.at(-1) : layers.find((layer) => (layer.name ?? layer.config['name']) === output);
  if (last === undefined) return false;
  if (last.class_name === 'Softmax') {
    last.class_name = 'Activation';
    last.config['activation'] = 'linear';
    return true;
  }
  if (last.config['activation'] !== 'softmax') return false;
  last.config['activation'] = 'linear';
  return true;
}

interface NodeJson {
  readonly name: string;
  op: string;
  readonly input?: readonly string[];
}

/** Ends a TensorFlow graph at its logits. True where there was a softmax. */
export function endGraphAtLogits(topology: object): boolean {
  const nodes = (topology as { node?: NodeJson[] }).node ?? [];
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const consumed = new Set(nodes.flatMap((node) => (node.input ?? []).map(nodeName)));
  const ends = nodes.filter((node) => !consumed.has(node.name)).map((node) => behindIdentities(node, byName));
  const softmax = ends.filter((node) => node?.op === 'Softmax') as NodeJson[];
  for (const node of softmax) node.op = 'Identity';
  return softmax.length > 0;
}

function behindIdentities(node: NodeJson | undefined, byName: ReadonlyMap<string, NodeJson>): NodeJson | undefined {
  return node?.op === 'Identity' ? behindIdentities(byName.get(nodeName(node.input?.[0] ?? '')), byName) : node;
}

/** `dense/Softmax` of `^dense/Softmax` and `dense/Softmax:0`. */
const nodeName = (input: string): string => input.replace(/^\^/, '').replace(/:\d+$/, '');
