import { definePlugin, defineSchedule, defineWeighting } from '@temper/core';
import { losses } from '@temper/losses';
import { schedules } from '@temper/schedules';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineDistillation } from './define.js';
import { standardPlugins, withStandard } from './standard.js';

const halving = defineSchedule({
  type: 'halving',
  options: z.strictObject({ from: z.number(), every: z.int().min(1) }),
  create:
    ({ from, every }) =>
    ({ step }) =>
      from / 2 ** Math.floor(step / every),
});
const even = defineWeighting({ type: 'even', options: z.strictObject({}), create: () => () => ({ soft: 0.5, hard: 0.5 }) });
const mine = definePlugin({ name: 'mine', provides: [halving] });

test('defineConfig returns its argument', () => {
  const config = { student: { model: { type: 'mlp', hidden: [32] } }, temperature: 4 } as const;
  expect(defineDistillation(config)).toBe(config);
});

test('defineConfig knows the standard plug-ins without a list', () => {
  defineDistillation({
    data: { type: 'digits' },
    teacher: { model: { type: 'cnn' }, train: { epochs: 2 } },
    student: { model: { type: 'mlp', hidden: [32] } },
    losses: { hard: { type: 'cross-entropy' }, soft: { type: 'kl', scale: 'temperature-squared' } },
    optimizer: { type: 'adamw', learningRate: { type: 'cosine', from: 1e-3, to: 0 } },
    stages: [
      { name: 'broad', epochs: 6, temperature: { type: 'linear', from: 20, to: 4 }, weighting: { type: 'alpha', soft: 0.7 } },
      { name: 'focus', epochs: 4, temperature: 2, weighting: { soft: 0.5, hard: { type: 'linear', from: 0, to: 0.5 } } },
    ],
  });
});

test('defineConfig knows own plug-ins and definitions where they are listed', () => {
  const config = defineDistillation({
    plugins: [mine, even],
    temperature: { type: 'halving', from: 16, every: 100 },
    weighting: { type: 'even' },
  });
  expect(config.plugins).toEqual([mine, even]);
  // @ts-expect-error: nobody has listed the plug-in that defines it
  defineDistillation({ temperature: { type: 'halving', from: 16, every: 100 } });
});

test('defineConfig has type errors for mistakes', () => {
  // @ts-expect-error: no such schedule
  defineDistillation({ temperature: { type: 'cosin', from: 20, to: 1 } });
  // @ts-expect-error: an option is missing
  defineDistillation({ temperature: { type: 'linear', from: 20 } });
  // @ts-expect-error: an option of a wrong type
  defineDistillation({ plugins: [mine], temperature: { type: 'halving', from: '16', every: 100 } });
  // @ts-expect-error: an unknown option in a stage
  defineDistillation({ stages: [{ epoch: 3 }] });
  // @ts-expect-error: a loss is no schedule
  defineDistillation({ temperature: { type: 'kl' } });
  // @ts-expect-error: not a plug-in
  defineDistillation({ plugins: ['mine'] });
});

test('a standard plug-in that is listed again counts once, and others keep their order', () => {
  expect(withStandard([])).toEqual(standardPlugins);
  expect(withStandard([losses, mine, schedules, even])).toEqual([...standardPlugins, mine, even]);
});
