import type * as tf from '@tensorflow/tfjs-core';

/** One output of a node. */
export interface Ref {
  readonly node: GraphNode;
  readonly output: number;
}

/** A value in the graph; `splat` holds one value that fills the whole shape. */
export interface Constant {
  readonly dtype: tf.DataType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
  readonly splat: boolean;
}

/** The value of an operation's attribute, as in TensorFlow's AttrValue. */
export type Attribute =
  | { readonly kind: 'type' | 'int' | 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'shape' | 'ints' | 'floats' | 'types'; readonly value: readonly number[] }
  | { readonly kind: 'bools'; readonly value: readonly boolean[] }
  | { readonly kind: 'constant'; readonly value: Constant };

/** The facts about a tensor that are known before it is computed. */
export interface TensorSpec {
  readonly dtype: tf.DataType;
  readonly shape: readonly number[];
}

/** An operation of the graph, in TensorFlow's terms. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly Ref[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly outputs: readonly TensorSpec[];
}

/** Nodes in an order in which each comes after its inputs. */
export type Graph = readonly GraphNode[];

/** Formats a reference as TensorFlow writes it for feeds and fetches. */
export const endpoint = (ref: Ref): string => `${ref.node.name}:${ref.output}`;

/** Returns dtype and shape of an output. */
export const specOf = (ref: Ref): TensorSpec => ref.node.outputs[ref.output] as TensorSpec;
