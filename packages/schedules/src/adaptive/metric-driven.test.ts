import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createRandom, type Json, type TemperatureSchedule } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { linear } from '../curves/linear.js';
import { graphInputs, temperatureOf } from '../testing/graph-side.js';
import { plateau } from './plateau.js';
import { studentTeacherGap } from './student-teacher-gap.js';
import { targetEntropy } from './target-entropy.js';

const valueIn = (policy: TemperatureSchedule, state: Json): number => policy.scalars({ step: 0, total: 100 }, state)['value'] as number;

/** The temperature after each of these observations; the state goes through JSON in between, as in a checkpoint. */
function after(policy: TemperatureSchedule, observations: readonly Readonly<Record<string, number>>[]): number[] {
  let state = policy.state?.initial as Json;
  return observations.map((seen) => {
    state = JSON.parse(JSON.stringify(policy.state?.observe(state, seen))) as Json;
    return valueIn(policy, state);
  });
}

describe('plateau', () => {
  const accuracy = (...list: number[]) => list.map((value) => ({ 'validation.accuracy': value }));

  test('plateau falls after more evaluations without improvement than its patience', () => {
    expect(after(plateau({ from: 8, patience: 2 }), accuracy(0.5, 0.6, 0.6, 0.55, 0.6, 0.6, 0.6, 0.6))).toEqual([8, 8, 8, 8, 4, 4, 4, 2]);
  });

  test('plateau does not count a change below its threshold as an improvement', () => {
    expect(after(plateau({ from: 8, patience: 0, threshold: 0.1 }), accuracy(0.5, 0.55, 0.75))).toEqual([8, 4, 4]);
  });

  test('plateau counts no evaluations while it cools down', () => {
    expect(after(plateau({ from: 8, patience: 0, cooldown: 2 }), accuracy(0.5, 0.5, 0.5, 0.5, 0.5))).toEqual([8, 4, 4, 4, 2]);
  });

  test('plateau can watch a falling metric, can rise, and stays within its range', () => {
    const loss = [3, 2, 2, 2, 2].map((nll) => ({ 'validation.nll': nll }));
    expect(after(plateau({ from: 2, factor: 3, patience: 0, metric: 'validation.nll', mode: 'min', max: 10 }), loss)).toEqual([
      2, 2, 6, 10, 10,
    ]);
  });

  test('plateau does not count a metric that is not a number as an improvement', () => {
    expect(after(plateau({ from: 8, patience: 0 }), accuracy(0.5, Number.NaN, 0.6))).toEqual([8, 4, 4]);
  });

  test('plateau refuses an unknown metric with the nearest name', () => {
    const policy = plateau({ from: 8, metric: 'validation.acuracy' });
    expect(() => policy.state?.observe(policy.state.initial, { 'validation.accuracy': 0.5, loss: 1 })).toThrow(
      'metric: unknown metric "validation.acuracy"; did you mean "validation.accuracy"?',
    );
  });

  test('plateau refuses an initial value outside of its range', () => {
    expect(() => plateau({ from: 0.5 })).toThrow('plateau.from: must lie between min (1) and max (100), got 0.5');
  });
});

/** Logits of a teacher, spread by so much. */
const spread = (seed: number, by: number): tf.Tensor2D => {
  const stream = createRandom(seed).stream('logits');
  return tf.tensor2d(
    Float32Array.from({ length: 64 * 10 }, () => by * stream.normal()),
    [64, 10],
  ); // prettier-ignore
};

/** What a policy measures on a batch in a state. */
const measured = (policy: TemperatureSchedule, state: Json, student: tf.Tensor, teacher: tf.Tensor): Record<string, number> =>
  tf.tidy(() => {
    const temperature = temperatureOf(policy, student, teacher, { state });
    const numbers = policy.measure?.({ ...graphInputs(policy, student, teacher, { state }), temperature }) ?? {};
    return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, value.dataSync()[0] as number]));
  });

describe('target-entropy', () => {
  test.each([0.2, 0.6, 0.9])('target-entropy moves the entropy of the teacher to %s from any start', async (target) => {
    await expectNoLeakedTensors(() =>
      tf.tidy(() => {
        const teacher = spread(1, 4);
        for (const from of [0.1, 4, 100]) {
          const policy = targetEntropy({ target, from });
          let state = policy.state?.initial as Json;
          for (let i = 0; i < 40; i++) state = policy.state?.observe(state, measured(policy, state, teacher, teacher)) as Json;
          expect(Math.abs(measured(policy, state, teacher, teacher)['entropyGap'] as number)).toBeLessThan(0.01);
        }
      }),
    );
  });

  test('target-entropy follows a scheduled target and is constant without measurements', () => {
    const policy = targetEntropy({ target: linear({ from: 0.9, to: 0.1 }), from: 4 });
    expect(policy.scalars({ step: 99, total: 100 }, 4)).toEqual({ value: 4, target: 0.1 });
    expect(after(policy, [{}, { entropyGap: Number.NaN }, { entropyGap: 100 }, { entropyGap: -100 }])).toEqual([4, 4, 1000, 0.05]);
  });
});

describe('student-teacher-gap', () => {
  const policy = studentTeacherGap({ from: 8, to: 1, momentum: 0 });

  test('student-teacher-gap is proportional to the gap between its start and its end', () => {
    expect(after(policy, [{ gap: 0.8 }, { gap: 0.4 }, { gap: 0 }, { gap: 0.9 }])).toEqual([8, 4.5, 1, 8]);
    expect(after(studentTeacherGap({ from: 9, to: 1, momentum: 0.5 }), [{ gap: 0.8 }, { gap: 0 }, { gap: 0 }])).toEqual([9, 5, 3]);
    expect(after(policy, [{ gap: 0 }, {}])).toEqual([1, 1]);
  });

  test('student-teacher-gap measures a gap from 0 to 1', () => {
    tf.tidy(() => {
      const gapOf = (student: tf.Tensor, teacher: tf.Tensor): number =>
        measured(policy, { first: null, gap: null }, student, teacher)['gap'] as number;
      expect(gapOf(spread(1, 4), spread(1, 4))).toBe(0);
      expect(gapOf(tf.tensor2d([[50, 0]]), tf.tensor2d([[0, 50]]))).toBeCloseTo(1, 6);
      expect(gapOf(tf.tensor2d([[0, 0]]), tf.tensor2d([[50, 0]]))).toBeCloseTo(0.5, 6);
    });
  });
});
