import * as tf from '@tensorflow/tfjs-core';
import { expectNoLeakedTensors } from '@temper/testing';
import { expect } from 'vitest';
import { kernelLevels } from '../backend/kernel-level.js';
import { optimize } from '../passes/optimize.js';
import { recorded } from './recorded.js';
import { loadKernels } from '../kernels/kernels.js';

export type Tensors = Readonly<Record<string, tf.Tensor>>;
export type Body = (inputs: Readonly<Record<string, tf.Tensor>>) => Tensors;

/** The levels that this processor supports. */
export const possible = kernelLevels.slice(0, kernelLevels.indexOf(loadKernels() ?? 'baseline') + 1);

/** Runs a function with and without kernels of every level, and compares their values; returns the operations with kernels. */
export function fused(make: () => Tensors, body: Body, tolerance = 2e-6): Promise<readonly string[]> {
  return expectNoLeakedTensors(() => {
    const inputs = make();
    const made = recorded(inputs, body);
    const plain = made.run((step) => optimize(step, { kernels: 'off' }));
    const runs = possible.map((kernels) => ({ kernels, ...made.run((step) => optimize(step, { kernels, elementwise: true })) }));
    for (const { kernels, values } of runs) {
      for (const [name, wanted] of Object.entries(plain.values)) expectSame(values[name] ?? [], wanted, tolerance, `${name} (${kernels})`);
    }
    tf.dispose(inputs as tf.NamedTensorMap);
    return runs[0]?.operations ?? [];
  });
}

/** Compares values: NaN equals NaN and each infinity itself; numbers agree relative to the largest one, or to themselves. */
export function expectSame(got: readonly number[], wanted: readonly number[], tolerance: number, name: string): void {
  const largest = Math.min(1, Math.max(...wanted.filter(Number.isFinite).map(Math.abs), 0));
  wanted.forEach((value, i) => {
    const found = got[i] as number;
    if (!Number.isFinite(value)) expect(found, `${name}[${i}]`).toBe(value);
    else
      expect(Math.abs(found - value), `${name}[${i}]: ${found} instead of ${value}`).toBeLessThanOrEqual(
        tolerance * (largest + Math.abs(value)),
      );
  });
}

export const normal = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);
export const kernels = (operations: readonly string[]): number => operations.filter((op) => op === 'TemperRows').length;
export const in1 = (inputs: Tensors, name: string): tf.Tensor => inputs[name] as tf.Tensor;
