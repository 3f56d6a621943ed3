import type { Kind } from './view.js';

/** The operations of instructions, in the order of `Op` in kernels/rows.h. */
export const opcodes = [
  'copy',
  'add',
  'sub',
  'mul',
  'div',
  'maximum',
  'minimum',
  'relu-grad',
  'squared-difference',
  'neg',
  'exp',
  'log',
  'sqrt',
  'rsqrt',
  'square',
  'tanh',
  'sigmoid',
  'erf',
  'relu',
  'abs',
  'reciprocal',
  'row-sum',
  'row-mean',
  'row-max',
  'one-hot',
  'column-sum',
  'total',
  'divergence',
  'sub-mul',
  'mul-add',
  'row-dot',
] as const;
export type Opcode = (typeof opcodes)[number];

export const spaces = { input: 0, output: 1, register: 2, constant: 3, partial: 4 } as const;
export const kinds = { scalar: 0, row: 1, full: 2, tile: 3, 'column-sum': 3, total: 0 } as const satisfies Record<Kind, number>;

export interface Value {
  readonly kind: Kind;
  readonly period: number;
  space: keyof typeof spaces;
  /** Number of the input, output or constant, or first float of the register or partial sum. */
  at: number;
}

export interface Instruction {
  readonly op: Opcode;
  readonly out: number;
  readonly a: number;
  readonly b: number;
  /** A third operand. */
  readonly c?: number;
  /** Further results, and scratch memory; they may not overlap with operands. */
  readonly more?: Further;
}

export type Further = [pull: number, tilt: number, memory: number];
