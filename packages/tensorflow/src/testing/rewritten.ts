import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { recorded, type Values } from './recorded.js';
import { rewrite, type Rule } from '../passes/rewrite.js';

export type Body = (inputs: Readonly<Record<string, tf.Tensor>>) => Readonly<Record<string, tf.Tensor>>;

/** Records a function, applies rules, and checks that all values stay; gives the operations before and after. */
export function rewriteOf(
  inputs: Readonly<Record<string, tf.Tensor>>,
  body: Body,
  rules: readonly Rule[],
  tolerance = 0,
): { before: readonly string[]; after: readonly string[] } {
  const made = recorded(inputs, body);
  const plain = made.run();
  const rewritten = made.run((step) => rewrite(step, rules));
  expectClose(plain.values, made.eager, tolerance);
  expectClose(rewritten.values, made.eager, tolerance);
  tf.dispose(inputs as tf.NamedTensorMap);
  return { before: plain.operations, after: rewritten.operations };
}

export function expectClose(got: Values, want: Values, tolerance: number): void {
  for (const [name, values] of Object.entries(want)) {
    const largest = Math.max(...values.map(Math.abs), 1e-9);
    values.forEach((value, i) => expect(Math.abs((got[name]?.[i] as number) - value)).toBeLessThanOrEqual(tolerance * largest));
  }
}

export const count = (operations: readonly string[], op: string): number => operations.filter((one) => one === op).length;
export const normal = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);
