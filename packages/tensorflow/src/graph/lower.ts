import { graphWriter, typeOf, type GraphWriter } from './graph-writer.js';
import type { Graph, GraphNode, Ref } from './graph.js';
import type { Operand, Recording, Source } from '../recording/recording.js';

/** A recording as a graph with its feeds and fetches. */
export interface StepGraph {
  readonly graph: Graph;
  /** The sources that the step uses, with their placeholders. */
  readonly feeds: readonly { readonly source: Source; readonly ref: Ref }[];
  readonly outputs: Readonly<Record<string, Ref>>;
  /** By place in the state; undefined where the step does not change it. */
  readonly state: readonly (Ref | undefined)[];
}

/** Functions that write constants depending on the batch size, by their operand. */
export type OpenConstants = ReadonlyMap<Operand, (writer: GraphWriter, batch: Ref) => Ref>;

/**
 * Writes a recording as a graph: equal constants once, a placeholder for each source in use. With `open`, inputs take any number of
 * samples, and `open` writes the values that depend on that number.
 */
export function lower(recording: Recording, open?: OpenConstants): StepGraph {
  const writer = graphWriter();
  const feeds = new Map<string, { source: Source; ref: Ref }>();
  const written = new Map<Operand, Ref>();
  const results: GraphNode[] = [];

  const placeholder = (source: Source): Ref => {
    const key = `${source.kind} ${source.key}`;
    const shape = open !== undefined && source.kind === 'input' ? [-1, ...source.spec.shape.slice(1)] : source.spec.shape;
    const attributes = { dtype: typeOf(source.spec), shape: { kind: 'shape', value: shape } } as const;
    const feed = feeds.get(key) ?? { source, ref: writer.add('Placeholder', [], attributes, source.spec) };
    feeds.set(key, feed);
    return feed.ref;
  };
  const constant = (operand: Operand & { from: 'constant' }): Ref => {
    const known = written.get(operand);
    if (known !== undefined) return known;
    const write = open?.get(operand);
    const [input] = feeds.values();
    const ref = write === undefined || input === undefined ? writer.constant(operand.constant) : write(writer, input.ref);
    written.set(operand, ref);
    return ref;
  };
  const refOf = (operand: Operand): Ref => {
    if (operand.from === 'constant') return constant(operand);
    if (operand.from === 'source') return placeholder(operand.source);
    return { node: results[operand.index] as GraphNode, output: operand.output };
  };

  for (const { name, inputs, attributes, outputs } of recording.operations) {
    results.push(writer.add(name, inputs.map(refOf), attributes, ...outputs).node);
  }
  return {
    outputs: Object.fromEntries(Object.entries(recording.outputs).map(([name, operand]) => [name, refOf(operand)])),
    state: recording.state.map((operand) => operand && refOf(operand)),
    feeds: [...feeds.values()],
    graph: writer.graph,
  };
}
