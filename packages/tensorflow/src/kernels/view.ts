import { sizeOf } from '@temper/core';
import type { Ref } from '../graph/graph.js';
import { specOf } from '../graph/graph.js';
import { constantAt, fillOf } from '../passes/rewrite.js';

/** The table of rows × columns as which a kernel treats its tensors. One column: plain elementwise work on that many values. */
export interface View {
  readonly rows: number;
  readonly columns: number;
}

/** The form of a value over the table; as in kernels/rows.h, with two sums over all rows that no instruction of the kernel can use. */
export type Kind = 'scalar' | 'row' | 'full' | 'tile' | 'column-sum' | 'total';

/** A value in the form of an instruction's operand; a tile's rows repeat every `period` rows. */
export interface Use {
  readonly kind: Kind;
  readonly period: number;
}

export const lastOf = (shape: readonly number[]): number => shape[shape.length - 1] ?? 1;

const use = (kind: Kind, period = 0): Use => ({ kind, period });

/** Returns the form of a result of this shape; undefined where it does not fit the table. */
export function resultKind(shape: readonly number[], { rows, columns }: View): Kind | undefined {
  const size = sizeOf(shape);
  if (size === 1) return 'scalar';
  return size === rows * columns ? 'full' : size === rows ? 'row' : undefined;
}

/**
 * Returns the form of an operand for a result of this shape under TensorFlow's broadcasting rules; undefined where the kernel does not
 * support it.
 */
export function useOf(operand: Ref, shape: readonly number[], view: View): Use | undefined {
  const given = specOf(operand).shape;
  if (sizeOf(given) === 1 || isNumber(operand)) return use('scalar');
  const result = resultKind(shape, view);
  if (sizeOf(given) === sizeOf(shape)) return result && use(result);
  if (result !== 'full' || view.columns === 1 || lastOf(shape) !== view.columns || given.length > shape.length) return undefined;
  const padded = [...new Array<number>(shape.length - given.length).fill(1), ...given];
  if (lastOf(padded) === 1) return padded.slice(0, -1).every((size, axis) => size === shape[axis]) ? use('row') : undefined;
  const from = padded.findIndex((size) => size !== 1);
  return padded.slice(from).every((size, i) => size === shape[from + i]) ? use('tile', sizeOf(given) / view.columns) : undefined;
}

/** Returns whether an operand is a single number in the graph. */
export const isNumber = (ref: Ref): boolean => constantAt(ref)?.dtype === 'float32' && fillOf(ref) !== undefined;
