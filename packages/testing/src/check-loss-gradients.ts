import * as tf from '@tensorflow/tfjs-core';
import type { Loss, LossInputs } from '@temper/core';
import { changed, inputsOf, tensorsOf, type LossCase, type Numbers } from './check-loss-cases.js';
import { demand } from './laws.js';
import { weightsFor, gradientsOf, scale } from './loss-numbers.js';

/** Computes a loss at `x` with a part of it constant as at `around`. */
export type Holding = (x: LossInputs, around: LossInputs) => tf.Tensor;
/** The step of the finite differences. */
const step = 0.02;

export function gradientsEqualDifferences(loss: Loss, one: LossCase, holding: Holding | undefined): void {
  const at = (moved: LossCase): number =>
    tf.tidy(() => {
      const x = inputsOf(loss, moved, tensorsOf(moved));
      const values = holding === undefined ? loss(x) : holding(x, inputsOf(loss, one, tensorsOf(one)));
      const weights = weightsFor(values.size);
      return Array.from(values.dataSync()).reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
    });
  // The accuracy of a difference quotient in float32.
  const noise = (1e-6 * (1 + Math.abs(at(one)) + scale)) / step;
  for (const [name, gradient] of Object.entries(gradientsOf(loss, one))) {
    const { shape, values } = one.parts[name] as Numbers;
    if (name === 'teacher' || name.startsWith('taps.teacher.')) {
      demand(
        gradient.every((value) => value === 0),
        `${name} is a constant, and its gradient must be 0`,
      );
      continue;
    }
    demand(gradient.every(Number.isFinite), `the gradient for ${name} must be finite, got ${gradient}`);
    const largest = Math.max(...gradient.map(Math.abs));
    gradient.forEach((got, i) => {
      const moved = (by: number): number =>
        at(changed(one, { [name]: { shape, values: values.map((value, j) => (j === i ? value + by : value)) } }));
      const quotient = (by: number): number => (8 * (moved(by) - moved(-by)) - (moved(2 * by) - moved(-2 * by))) / (12 * by);
      const want = quotient(step);
      const slack = 2e-3 * largest + noise;
      // Where the loss bends within a step (a correlation that changes its sign), quotients disagree with one another and prove nothing.
      const isWithin = Math.abs(got - want) <= slack || Math.abs(got - want) <= slack + 2 * Math.abs(want - quotient(step / 2));
      demand(isWithin, `the gradient for ${name}[${i}] must be the finite difference ${want}, got ${got}`);
    });
  }
}
