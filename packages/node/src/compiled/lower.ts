import type * as tf from '@tensorflow/tfjs-core';
import type { Attribute, Constant, Graph, GraphNode, Ref } from './graph.js';
import { endpoint } from './graph.js';
import { dtypeCode } from './native-backend.js';
import type { Operand, Recording, Source } from './recording.js';

/** A recording as a graph: what it is fed, and what is fetched from it. */
export interface StepGraph {
  readonly graph: Graph;
  /** The sources that the step uses, with their placeholders. */
  readonly feeds: readonly { readonly source: Source; readonly ref: Ref }[];
  readonly outputs: Readonly<Record<string, Ref>>;
  /** By place in the state; undefined where the step leaves it alone. */
  readonly state: readonly (Ref | undefined)[];
}

/** Writes a recording as a graph: equal constants once, a placeholder for each source in use. */
export function lower(recording: Recording): StepGraph {
  const graph: GraphNode[] = [];
  const constants = new Map<string, Ref>();
  const feeds = new Map<string, { source: Source; ref: Ref }>();
  const results: GraphNode[] = [];

  const add = (op: string, inputs: readonly Ref[], attributes: GraphNode['attributes']): GraphNode => {
    const node = { name: `${op.replace(/^_+/, '')}_${graph.length}`, op, inputs, attributes };
    graph.push(node);
    return node;
  };
  const first = (node: GraphNode): Ref => ({ node, output: 0 });
  const constant = (value: Constant): Ref => {
    const key = `${value.dtype} ${value.shape.join()} ${Buffer.from(value.bytes).toString('latin1')}`;
    const ref = constants.get(key) ?? first(add('Const', [], { dtype: typeOf(value.dtype), value: { kind: 'constant', value } }));
    constants.set(key, ref);
    return ref;
  };
  const placeholder = (source: Source): Ref => {
    const key = `${source.kind} ${source.key}`;
    const shape: Attribute = { kind: 'shape', value: source.shape };
    const feed = feeds.get(key) ?? { source, ref: first(add('Placeholder', [], { dtype: typeOf(source.dtype), shape })) };
    feeds.set(key, feed);
    return feed.ref;
  };
  const refOf = (operand: Operand): Ref => {
    if (operand.from === 'constant') return constant(operand.constant);
    if (operand.from === 'source') return placeholder(operand.source);
    return { node: results[operand.index] as GraphNode, output: operand.output };
  };

  for (const { name, inputs, attributes } of recording.operations) results.push(add(name, inputs.map(refOf), attributes));

  // TensorFlow fetches no tensor twice and none that is fed: such results pass through a node of their own.
  const fetched = new Set<string>();
  const fetch = (operand: Operand, dtype: tf.DataType): Ref => {
    const ref = refOf(operand);
    const taken = operand.from === 'source' || fetched.has(endpoint(ref));
    const own = taken ? first(add('Identity', [ref], { T: typeOf(dtype) })) : ref;
    fetched.add(endpoint(own));
    return own;
  };
  return {
    graph,
    outputs: Object.fromEntries(Object.entries(recording.outputs).map(([name, { operand, dtype }]) => [name, fetch(operand, dtype)])),
    state: recording.state.map((changed) => changed && fetch(changed.operand, changed.dtype)),
    feeds: [...feeds.values()],
  };
}

const typeOf = (dtype: tf.DataType): Attribute => ({ kind: 'type', value: dtypeCode(dtype) });
