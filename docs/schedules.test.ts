import type { Schedule } from '@temper/core';
import { plotSvg, type Series } from '@temper/plots';
import * as schedules from '@temper/schedules';
import { expect, test } from 'vitest';

const {
  clamp,
  cosine,
  cyclic,
  exponential,
  hold,
  inverse,
  jitter,
  linear,
  oneCycle,
  polynomial,
  quantise,
  repeat,
  sample,
  sequence,
  sigmoid,
  warmUp,
} = schedules;

const steps = 400;
const stepsPerEpoch = 40;
const ends = { from: 20, to: 1 };

const drawn: Readonly<Record<string, Schedule>> = {
  'curves.linear': linear(ends),
  'curves.cosine': cosine(ends),
  'curves.sigmoid': sigmoid(ends),
  'curves.polynomial': polynomial(ends),
  'curves.exponential': exponential(ends),
  'curves.inverse': inverse(ends),
  'cycles.cyclic, triangle': cyclic({ from: 2, to: 12, cycles: 4, decay: 0.7 }),
  'cycles.cyclic, restarts': cyclic({ from: 20, to: 2, cycles: 3, growth: 1.5, shape: 'restarts' }),
  'cycles.one-cycle': oneCycle({ from: 4, peak: 16, to: 1 }),
  'operators.sequence': sequence([linear({ from: 20, to: 8 }), hold(8), cosine({ from: 8, to: 1 })]),
  'operators.quantise': quantise({ of: exponential(ends), every: { epochs: 1 } }),
  'operators.warm-up of a clamp': warmUp({ of: clamp({ of: linear({ from: 20, to: 0 }), max: 14 }), from: 1, over: { fraction: 0.1 } }),
  'operators.jitter of repeat': jitter({ of: repeat({ of: polynomial({ from: 9, to: 3 }), times: 2 }), amount: 0.1 }),
};

test('the picture on the page equals the values of the schedules', async () => {
  const series: Series[] = Object.entries(drawn).map(([name, schedule]) => {
    const { value = [] } = sample(schedule, steps, { stepsPerEpoch });
    return { name, points: value.map((number, step) => [step, number] as const) };
  });
  await expect(plotSvg(series, { width: 860, panelHeight: 240 })).toMatchFileSnapshot('images/schedules.svg');
});
