import type { Attribute, Constant, Graph, GraphNode, Ref, TensorSpec } from './graph.js';
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

  const add = (op: string, inputs: readonly Ref[], attributes: GraphNode['attributes'], outputs: readonly TensorSpec[]): GraphNode => {
    const node = { name: `${op.replace(/^_+/, '')}_${graph.length}`, op, inputs, attributes, outputs };
    graph.push(node);
    return node;
  };
  const first = (node: GraphNode): Ref => ({ node, output: 0 });
  const constant = (value: Constant): Ref => {
    const key = `${value.dtype} ${value.shape.join()} ${Buffer.from(value.bytes).toString('latin1')}`;
    const ref = constants.get(key) ?? first(add('Const', [], constantAttributes(value), [value]));
    constants.set(key, ref);
    return ref;
  };
  const placeholder = (source: Source): Ref => {
    const key = `${source.kind} ${source.key}`;
    const shape: Attribute = { kind: 'shape', value: source.spec.shape };
    const feed = feeds.get(key) ?? { source, ref: first(add('Placeholder', [], { dtype: typeOf(source.spec), shape }, [source.spec])) };
    feeds.set(key, feed);
    return feed.ref;
  };
  const refOf = (operand: Operand): Ref => {
    if (operand.from === 'constant') return constant(operand.constant);
    if (operand.from === 'source') return placeholder(operand.source);
    return { node: results[operand.index] as GraphNode, output: operand.output };
  };

  for (const { name, inputs, attributes, outputs } of recording.operations) results.push(add(name, inputs.map(refOf), attributes, outputs));

  return {
    graph,
    outputs: Object.fromEntries(Object.entries(recording.outputs).map(([name, operand]) => [name, refOf(operand)])),
    state: recording.state.map((operand) => operand && refOf(operand)),
    feeds: [...feeds.values()],
  };
}

/** Attributes of a `Const` node. */
export const constantAttributes = (value: Constant): GraphNode['attributes'] => ({ dtype: typeOf(value), value: { kind: 'constant', value } });

/** The attribute that names a dtype. */
export const typeOf = ({ dtype }: TensorSpec): Attribute => ({ kind: 'type', value: dtypeCode(dtype) });
