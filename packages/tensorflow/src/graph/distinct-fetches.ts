import { endpoint, specOf, type GraphNode, type Ref } from './graph.js';
import { typeOf } from './graph-writer.js';
import type { StepGraph } from './lower.js';

/** Adds a node for each result that is fetched twice or also fed, since TensorFlow refuses both. */
export function distinctFetches({ graph, feeds, outputs, state }: StepGraph): StepGraph {
  const extra: GraphNode[] = [];
  const taken = new Set(feeds.map(({ ref }) => endpoint(ref)));
  const distinct = (ref: Ref): Ref => {
    if (!taken.has(endpoint(ref))) {
      taken.add(endpoint(ref));
      return ref;
    }
    const spec = specOf(ref);
    const node = { name: `Result_${extra.length}`, op: 'Identity', inputs: [ref], attributes: { T: typeOf(spec) }, outputs: [spec] };
    extra.push(node);
    return { node, output: 0 };
  };
  return {
    feeds,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, ref]) => [name, distinct(ref)])),
    state: state.map((ref) => ref && distinct(ref)),
    graph: [...graph, ...extra],
  };
}
