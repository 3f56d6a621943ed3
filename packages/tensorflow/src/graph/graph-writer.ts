import { constantOf } from './constant.js';
import type { Attribute, Constant, Graph, GraphNode, Ref, TensorSpec } from './graph.js';
import { dtypeCode } from '../backend/native-backend.js';

/** Writes a graph node by node. */
export interface GraphWriter {
  readonly graph: Graph;
  /** Adds a node over earlier ones; returns its first output. */
  add(op: string, inputs: readonly Ref[], attributes: GraphNode['attributes'], ...outputs: readonly TensorSpec[]): Ref;
  /** Adds a constant; equal constants are written once. */
  constant(value: Constant): Ref;
  /** Adds an int32 vector: a shape, axes. */
  integers(values: readonly number[]): Ref;
}

/** Starts an empty graph. */
export function graphWriter(): GraphWriter {
  const graph: GraphNode[] = [];
  const constants = new Map<string, Ref>();
  const writer: GraphWriter = {
    graph,
    add(op, inputs, attributes, ...outputs) {
      const node = { name: `${op.replace(/^_+/, '')}_${graph.length}`, op, inputs, attributes, outputs };
      graph.push(node);
      return { node, output: 0 };
    },
    constant(value) {
      const key = `${value.dtype} ${value.shape.join()} ${Buffer.from(value.bytes).toString('latin1')}`;
      const ref = constants.get(key) ?? writer.add('Const', [], { dtype: typeOf(value), value: { kind: 'constant', value } }, value);
      constants.set(key, ref);
      return ref;
    },
    integers: (values) => writer.constant(constantOf(Int32Array.from(values), [values.length], 'int32')),
  };
  return writer;
}

/** Returns the attribute that names a dtype. */
export const typeOf = ({ dtype }: TensorSpec): Attribute => ({ kind: 'type', value: dtypeCode(dtype) });
