import { sizeOf } from '@temper/core';
import type { Ref } from '../graph/graph.js';
import { specOf } from '../graph/graph.js';
import { constantAt, fillOf } from '../passes/rewrite.js';

/** The table of rows × columns as which a kernel looks at its tensors. One column: plain elementwise work on so many values. */
export interface View {
  readonly rows: number;
  readonly columns: number;
}

/** How a value lies over the table; as in kernels/rows.h, with two sums over all rows that nothing in the kernel can use. */
export type Kind = 'scalar' | 'row' | 'full' | 'tile' | 'column-sum' | 'total';

/** A value as an instruction takes it; a tile's rows repeat every `period` rows. */
export interface Use {
  readonly kind: Kind;
  readonly period: number;
}

export const lastOf = (shape: readonly number[]): number => shape[shape.length - 1] ?? 1;

const use = (kind: Kind, period = 0): Use => ({ kind, period });

/** What a tensor of this shape is as a result; undefined where it does not belong to the table. */
export function resultKind(shape: readonly number[], { rows, columns }: View): Kind | undefined {
  const size = sizeOf(shape);
  if (size === 1) return 'scalar';
  return size === rows * columns ? 'full' : size === rows ? 'row' : undefined;
}

/** How an operand meets a result of this shape under TensorFlow's rules of broadcasting; undefined where the kernel cannot do that. */
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

/** Whether an operand is one number, written into the graph. */
export const isNumber = (ref: Ref): boolean => constantAt(ref)?.dtype === 'float32' && fillOf(ref) !== undefined;
