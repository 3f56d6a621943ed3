import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createKit, createRandom, type LossWeighting, type Scalars, type Variables } from '@temper/core';
import { expectNoLeakedTensors, weightingInputs } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { losses } from '../index.js';
import { casesOf, hasGolden, type HostCase } from '../../../../fixtures/golden.js';

const kit = createKit({ plugins: [losses] });
const weightingOf = (config: Parameters<typeof kit.weighting>[0]): LossWeighting => kit.weighting(config) as LossWeighting;
const at = { step: 0, total: 10 };
const namesOf = (values: readonly unknown[]): string[] => values.map((_, i) => `task${i}`);
const byName = <T>(values: readonly T[]): Record<string, T> => Object.fromEntries(values.map((value, i) => [`task${i}`, value]));
const observed = (values: readonly number[]): Scalars => Object.fromEntries(values.map((value, i) => [`loss.task${i}`, value]));
const valuesOf = (tensors: Readonly<Record<string, tf.Tensor>>): number[] =>
  Object.values(tensors).map((tensor) => tensor.dataSync()[0] as number);

function expectClose(got: readonly number[], want: readonly number[], { rel, abs }: { rel: number; abs: number }): void {
  expect(got).toHaveLength(want.length);
  got.forEach((value, i) => {
    const target = want[i] as number;
    expect(Math.abs(value - target), `${value} for ${target}`).toBeLessThanOrEqual(rel * Math.abs(target) + abs);
  });
}

/** The total that a run minimises, Σ w_k L_k + penalty, and its gradient with respect to the losses. */
function totalOf(weighting: LossWeighting, values: readonly number[], scalars: Scalars, variables: Variables = {}) {
  const total = (...tasks: tf.Tensor[]): tf.Scalar => {
    const x = weightingInputs({ losses: byName(tasks), scalars, variables });
    const weights = weighting.weights?.(x) ?? x.scalars;
    const terms = tasks.map((task, i) => tf.mul(task, weights[`task${i}`] as tf.Tensor));
    return tf.addN([...terms, ...(weighting.penalty === undefined ? [] : [weighting.penalty(x)])]) as tf.Scalar;
  };
  return tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads(total)(values.map((loss) => tf.scalar(loss)));
    return { loss: value.dataSync()[0] as number, gradients: grads.map((gradient) => gradient.dataSync()[0] as number) };
  });
}

describe.skipIf(!hasGolden)('the published numbers (skipped where ../shared/golden is absent)', () => {
  interface Uncertainty {
    losses: number[];
    logVariances: number[];
    form: 'half' | 'full';
  }
  test.each(casesOf<HostCase<Uncertainty, { loss: number; gradLogVariances: number[]; weights: number[] }>>('weighting_uncertainty'))(
    'uncertainty equals its published numbers: $name',
    ({ inputs: given, expected, tolerance }) =>
      expectNoLeakedTensors(() => {
        const weighting = weightingOf({ type: 'uncertainty', form: given.form });
        const variables = weighting.variables?.({ classes: 2, losses: namesOf(given.losses), random: createRandom(0) }) as Variables;
        Object.values(variables).forEach((variable, i) => tf.tidy(() => variable.assign(tf.scalar(given.logVariances[i] as number))));
        const { loss, gradients } = totalOf(weighting, given.losses, {}, variables);
        expectClose([loss, ...gradients], [expected.loss, ...expected.weights], tolerance);
        tf.tidy(() => {
          const x = weightingInputs({ losses: byName(given.losses), variables });
          const { grads } = tf.variableGrads(() => {
            const weights = weighting.weights?.(x) as Record<string, tf.Tensor>;
            return tf.addN([
              ...Object.entries(x.losses).map(([name, value]) => tf.mul(value, weights[name] as tf.Tensor)),
              weighting.penalty?.(x) as tf.Scalar,
            ]) as tf.Scalar;
          }, Object.values(variables));
          expectClose(
            valuesOf(Object.fromEntries(Object.values(variables).map(({ name }) => [name, grads[name] as tf.Tensor]))),
            expected.gradLogVariances,
            tolerance,
          );
        });
        tf.dispose(variables);
      }),
  );

  interface UwSo {
    losses: number[];
    temperature: number;
    softmax: boolean;
  }
  test.each(casesOf<HostCase<UwSo, { loss: number; weights: number[] }>>('weighting_uw_so'))(
    'uw-so equals its published numbers: $name',
    ({ inputs: given, expected, tolerance }) =>
      expectNoLeakedTensors(() => {
        const weighting = weightingOf({ type: 'uw-so', temperature: given.temperature, softmax: given.softmax });
        const { loss, gradients } = totalOf(weighting, given.losses, {});
        // The gradient by a loss is its weight: weights are constants.
        expectClose([loss, ...gradients], [expected.loss, ...expected.weights], tolerance);
      }),
  );

  interface Dwa {
    history: number[][];
    temperature: number;
  }
  test.each(casesOf<HostCase<Dwa, { weights: number[][] }>>('weighting_dwa'))(
    'dwa equals its published numbers: $name',
    ({ inputs: { history, temperature }, expected, tolerance }) => {
      const { scalars, state } = weightingOf({ type: 'dwa', temperature });
      let current = state?.initial ?? null;
      expected.weights.forEach((weights, epoch) => {
        expectClose(Object.values(scalars(at, current, namesOf(weights))), weights, { ...tolerance, rel: 1e-9 });
        current = JSON.parse(JSON.stringify(state?.observe(current, observed(history[epoch] ?? [])))) as typeof current;
      });
    },
  );

  const forms = {
    equalContribution: 'equal-contribution',
    ratioToFirst: 'ratio-to-first',
    relativeToInitial: 'relative-to-initial',
    relativeToInitialSoftmax: 'relative-to-initial-softmax',
  } as const;
  interface Ratio {
    losses: number[];
    initialLosses: number[];
  }
  describe.each(Object.entries(forms))('loss-ratio %s', (key, form) => {
    test.each(casesOf<HostCase<Ratio, Record<string, number[]>>>('weighting_loss_ratio'))(
      'loss-ratio equals its published numbers: $name',
      ({ inputs: given, expected, tolerance }) =>
        expectNoLeakedTensors(() => {
          const names = namesOf(given.losses);
          const seen = weightingOf({ type: 'loss-ratio', form });
          const states = [seen.state?.observe(seen.state.initial, observed(given.initialLosses)) ?? null, null];
          const weightings = [
            seen,
            ...(form.startsWith('relative') ? [weightingOf({ type: 'loss-ratio', form, initial: byName(given.initialLosses) })] : []),
          ];
          weightings.forEach((weighting, i) => {
            const { gradients } = totalOf(weighting, given.losses, weighting.scalars(at, states[i] ?? null, names));
            expectClose(gradients, expected[key] as number[], tolerance);
          });
        }),
    );
  });
});
