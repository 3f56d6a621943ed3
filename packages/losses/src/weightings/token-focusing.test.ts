import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { Json, Scalars } from '@temper/core';
import { describe, expect, test } from 'vitest';
import { weightingInputs } from '@temper/testing';
import { tokenFocusing } from './token-focusing.js';
import { casesOf, hasGolden, type HostCase, type Numbers } from '../../../../fixtures/golden.js';

const usual = { decay: 0.5, tolerance: 0.1, step: 0.1, least: 0.1, warmUp: 0 };

/** The weights of the positions for the soft loss. */
function focus(x: { student: Numbers; teacher: Numbers; mask?: Numbers; share: number; soft?: number }): number[] {
  return tf.tidy(() => {
    const student = tf.tensor(x.student as never);
    const shape = student.shape.slice(0, -1);
    const scalars: Scalars = { soft: x.soft ?? 1, hard: 0, share: x.share };
    const weights = tokenFocusing({ soft: 1 }).weights?.({
      ...weightingInputs({ losses: { soft: 1, hard: 1 }, scalars }),
      student,
      teacher: tf.tensor(x.teacher as never),
      labels: tf.zeros(shape, 'int32'),
      ...(x.mask === undefined ? {} : { mask: tf.tensor(x.mask as never) }),
    });
    return Array.from(weights?.['soft']?.dataSync() ?? []);
  });
}

/** The states after each of these losses, one for each update. */
function states(options: object, losses: readonly number[], total = 100): { share: number; average: number; reference: number | null }[] {
  const { state } = tokenFocusing({ soft: 1, ...options });
  let current: Json = state?.initial ?? null;
  return losses.map((focused, step) => {
    current = JSON.parse(JSON.stringify(state?.observe(current, { focused }, { step, total }) ?? null)) as Json;
    return current as never;
  });
}

describe.skipIf(!hasGolden)('golden numbers (skipped where ../shared/golden is absent)', () => {
  interface Losses {
    readonly losses: number[];
    readonly emaDecay: number;
    readonly lossTolerance: number;
    readonly ratioStep: number;
    readonly warmupSteps: number;
    readonly minimum: number;
  }
  test.each(casesOf<HostCase<Losses, { ratio: number[]; smoothedLoss: number[]; reference: number[] }>>('token_focusing_latf'))(
    'the share of tokens equals its golden numbers: $name',
    ({ inputs: { losses, emaDecay, lossTolerance, ratioStep, warmupSteps, minimum }, expected }) => {
      const options = { decay: emaDecay, tolerance: lossTolerance, step: ratioStep, least: minimum, warmUp: warmupSteps / 100 };
      states(options, losses).forEach(({ share, average, reference }, i) => {
        expect(share).toBeCloseTo(expected.ratio[i] as number, 9);
        expect(average).toBeCloseTo(expected.smoothedLoss[i] as number, 9);
        expect(reference ?? 0).toBeCloseTo(expected.reference[i] as number, 9);
      });
    },
  );

  interface Selecting {
    readonly student: Numbers;
    readonly teacher: Numbers;
    readonly mask?: Numbers;
    readonly selectionRatio: number;
  }
  const ordinary = casesOf<HostCase<Selecting, { selected: Numbers }>>('temperature_idts').filter(({ name }) =>
    /^(ordinary|single|token_2)/.test(name),
  );
  test.each(ordinary)('the selected tokens equal the golden ones: $name', ({ inputs, expected }) => {
    const selected = [expected.selected].flat(3) as number[];
    const mask = inputs.mask === undefined ? selected.map(() => 1) : ([inputs.mask].flat(3) as number[]);
    const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    const weights = focus({ ...inputs, share: inputs.selectionRatio });
    weights.forEach((weight, i) => expect(weight).toBeCloseTo(((selected[i] as number) * sum(mask)) / sum(selected), 5));
  });
});

const rows = [
  [0, 0],
  [0, 1],
  [0, 2],
  [0, 3],
];
const flat = rows.map(() => [0, 0]);

test('token-focusing weighs the positions that differ most, so that the sum of the weights stays', () => {
  expect(focus({ student: flat, teacher: rows, share: 1 })).toEqual([1, 1, 1, 1]);
  expect(focus({ student: flat, teacher: rows, share: 0.5 })).toEqual([0, 0, 2, 2]);
  expect(focus({ student: flat, teacher: rows, share: 0.5, soft: 0.5 })).toEqual([0, 0, 1, 1]);
  expect(focus({ student: flat, teacher: rows, share: 0.1 })).toEqual([0, 0, 0, 4]);
  expect(focus({ student: flat, teacher: rows, mask: [1, 1, 1, 0], share: 0.4 })).toEqual([0, 0, 3, 0]);
});

test('token-focusing selects equal positions together, and a single counted one', () => {
  expect(focus({ student: flat, teacher: flat, share: 0.1 })).toEqual([1, 1, 1, 1]);
  expect(focus({ student: flat, teacher: rows, mask: [1, 0, 0, 0], share: 0.1 })).toEqual([1, 0, 0, 0]);
  expect(focus({ student: flat, teacher: rows, mask: [0, 0, 0, 0], share: 0.1 })).toEqual([0, 0, 0, 0]);
  expect(
    focus({
      student: [
        [-1e4, 1e4],
        [0, 0],
      ],
      teacher: [
        [1e4, -1e4],
        [0, 0],
      ],
      share: 0.5,
    }),
  ).toEqual([2, 0]);
});

test('token-focusing narrows its share as the loss falls and widens it as the loss rises', () => {
  const falling = states(usual, [4, 3, 2, 1, 0.5]).map(({ share }) => share);
  expect(falling).toEqual([...falling].sort((a, b) => b - a));
  expect(falling.at(-1)).toBeLessThan(0.8);
  const shares = states(usual, [4, 2, 1, 0.5, 4, 8, 16]).map(({ share }) => share);
  expect(shares.at(-1)).toBeGreaterThan(Math.min(...shares));
});

test('token-focusing makes as many steps as there were updates between two evaluations', () => {
  const { state } = tokenFocusing({ soft: 1, ...usual, decay: 0.9 });
  const every = states(
    { ...usual, decay: 0.9 },
    Array.from({ length: 41 }, (_, i) => 4 - i / 20),
  ).at(-1);
  const first = state?.observe(state.initial, { focused: 4 }, { step: 0, total: 100 }) ?? null;
  const once = state?.observe(first, { focused: 2 }, { step: 40, total: 100 }) as { share: number };
  expect(once.share).toBeCloseTo(every?.share as number, 12);
});

test('token-focusing refuses a run without a teacher', () => {
  tf.tidy(() => {
    const { teacher: _, ...x } = weightingInputs({ losses: { soft: 1 }, scalars: { soft: 1, hard: 0, share: 1 } });
    expect(() => tokenFocusing({ soft: 1 }).weights?.(x)).toThrow('"token-focusing" needs a teacher');
  });
});
