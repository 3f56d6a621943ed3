import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createRandom, defineTemperature, type Json, type TemperatureSchedule } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  clamp,
  ctkd,
  ctkdPerSample,
  dtkd,
  flsw,
  hold,
  jitter,
  linear,
  plateau,
  scale,
  sequence,
  sides,
  sum,
  targetEntropy,
  warmUp,
} from '../index.js';
import * as index from '../index.js';
import { graphInputs, temperatureOf, valuesOf } from '../testing/graph-side.js';
import { at, student, teacher } from '../testing/temperatures.js';

/** Both sides at a step as plain numbers. */
const temperatures = (schedule: TemperatureSchedule, step: number): number[][] =>
  tf.tidy(() => valuesOf(temperatureOf(schedule, student(), teacher(), { at: at(step) })));

const close = (got: number[][], want: number[][]): void =>
  got.forEach((side, i) => side.forEach((value, k) => expect(value).toBeCloseTo((want[i] as number[])[k] as number, 4)));

describe('adaptive temperatures under operators', () => {
  const base = flsw({ base: 4, beta: 2 });
  const alone = temperatures(base, 0);

  test.each<[string, unknown, (value: number) => number]>([
    ['scale', scale({ of: base, by: 3 }), (T) => 3 * T],
    ['clamp', clamp({ of: base, min: 3.9, max: 4.1 }), (T) => Math.min(4.1, Math.max(3.9, T))],
    ['sum', sum([base, 1]), (T) => T + 1],
    ['warm-up', warmUp({ of: base, from: 2, over: { steps: 100 } }), () => 2],
    ['global', index.global(base), (T) => T],
    ['min', index.min([base, 3.8, linear({ from: 9, to: 1 })]), (T) => Math.min(T, 3.8)],
    ['an offset that would go below 0', index.offset({ of: base, by: -100 }), () => 0.05],
  ])('an adaptive temperature under an operator gives the combined value: %s', (_, combined, expected) => {
    close(
      temperatures(combined as TemperatureSchedule, 0),
      alone.map((side) => side.map(expected)),
    );
  });

  test('an operator combines each side of a two-sided temperature', () => {
    const [ofStudent, ofTeacher] = temperatures(dtkd({ base: 4 }), 0) as [number[], number[]];
    close(temperatures(scale({ of: dtkd({ base: 4 }), by: 2 }) as TemperatureSchedule, 0), [
      ofStudent.map((T) => 2 * T),
      ofTeacher.map((T) => 2 * T),
    ]);
    close(temperatures(sum([dtkd({ base: 4 }), flsw({ base: 4, beta: 0 })]) as TemperatureSchedule, 0), [
      ofStudent.map((T) => T + 4),
      ofTeacher.map((T) => T + 4),
    ]);
    close(temperatures(sides({ student: 1, teacher: dtkd({ base: 4 }) }), 0), [[1], ofTeacher]);
  });

  test('a part gets its host numbers under its place, and the operator its own', () => {
    const combined = jitter({ of: flsw({ base: linear({ from: 8, to: 2 }) }), amount: 0.5 }) as TemperatureSchedule;
    const { '0.base': own, '1.value': noise } = combined.scalars(at(99), null);
    expect(own).toBe(2);
    expect(noise).toBeGreaterThan(0.5);
    expect(noise).toBeLessThan(1.5);
  });
});

describe('sequences with adaptive parts', () => {
  const parts = sequence([
    linear({ from: 9, to: 3 }),
    flsw({ base: 4, beta: 0 }),
    sequence([dtkd({ base: 2 }), hold(1)]),
  ]) as TemperatureSchedule;

  test('the graph side changes where a part begins, also in nested sequences', () => {
    const keys = Array.from({ length: 100 }, (_, step) => parts.graphKey?.(at(step)));
    expect(new Set(keys).size).toBe(4);
    expect(keys.findIndex((key) => key !== keys[0])).toBe(33);
    close(temperatures(parts, 32), [[3]]);
    close(temperatures(parts, 40), [[4, 4]]);
    close(temperatures(parts, 99), [[1]]);
    expect(temperatures(parts, 70)).toHaveLength(2);
  });

  test('a sequence gives the numbers of the active part alone', () => {
    expect(parts.scalars(at(0), null)).toEqual({ '0.value': 9 });
    expect(parts.scalars(at(40), null)).toEqual({ '1.base': 4 });
    expect(parts.scalars(at(99), null)).toEqual({ '2.1.value': 1 });
  });

  test('a missing graph key is named', () => {
    const x = { scalars: {}, student: tf.scalar(0), teacher: tf.scalar(0), labels: tf.scalar(0), variables: {} };
    expect(() => parts.temperature?.(x)).toThrow('graphKey: schedule.graphKey(at)');
    tf.dispose(x);
  });

  test('a sequence of parts without a graph side has one recording', () => {
    const host = sequence([linear({ from: 9, to: 3 }), plateau({ from: 2 })]) as TemperatureSchedule;
    expect(host.temperature).toBeUndefined();
    expect(host.graphKey).toBeUndefined();
    expect(host.scalars(at(0), host.state?.initial ?? null)).toEqual({ value: 9 });
    expect(host.scalars(at(99), host.state?.initial ?? null)).toEqual({ value: 2 });
  });
});

describe('states', () => {
  const impatient = (from: number) => plateau({ from, patience: 0, metric: 'validation.nll', mode: 'min' });
  const both = sequence([impatient(8), impatient(6)]) as TemperatureSchedule;
  const observe = (state: Json, step: number, nll: number): Json => both.state?.observe(state, { 'validation.nll': nll }, at(step)) as Json;
  const valueAt = (state: Json, step: number): number => both.scalars(at(step), state)['value'] as number;

  test('each part has a state, and only that of the active part changes', () => {
    let state = both.state?.initial as Json;
    for (const nll of [1, 1, 1]) state = observe(state, 10, nll);
    expect([valueAt(state, 0), valueAt(state, 99)]).toEqual([2, 6]);
    state = JSON.parse(JSON.stringify(state)) as Json;
    for (const nll of [1, 1]) state = observe(state, 80, nll);
    expect([valueAt(state, 0), valueAt(state, 99)]).toEqual([2, 3]);
  });

  test('a part observes the metrics of the run and its own measurements alone', () => {
    const seen: string[][] = [];
    const watching = defineTemperature({
      type: 'watching',
      options: z.strictObject({}),
      create: (): TemperatureSchedule => ({
        scalars: () => ({ value: 1 }),
        state: { initial: 0, observe: (state, metrics) => (seen.push(Object.keys(metrics)), state) },
      }),
    });
    const nested = sum([watching({}), sequence([watching({})])]) as TemperatureSchedule;
    nested.state?.observe(nested.state.initial, { loss: 1, '0.a': 1, '1.0.c': 1, '0.0.d': 1 }, at(0));
    expect(seen).toEqual([
      ['loss', 'a', '0.d'],
      ['loss', 'c'],
    ]);
  });

  test('measurements have the place of their part and use its temperature', async () => {
    await expectNoLeakedTensors(() =>
      tf.tidy(() => {
        const half = clamp({ of: targetEntropy({ target: 0.5, from: 4 }), max: 1 }) as TemperatureSchedule;
        const own = targetEntropy({ target: 0.5, from: 4 });
        const measured = half.measure?.({ ...graphInputs(half, student(), teacher()), temperature: tf.scalar(1) });
        const alone = own.measure?.({ ...graphInputs(own, student(), teacher()), temperature: tf.scalar(4) });
        expect(Object.keys(measured ?? {})).toEqual(['0.entropyGap']);
        expect(measured?.['0.entropyGap']?.dataSync()[0]).toBe(alone?.['entropyGap']?.dataSync()[0]);
        expect(half.scalars(at(0), half.state?.initial ?? null)['value']).toBe(1);
      }),
    );
  });
});

test('variables have the place of their part, and equal parts start differently', async () => {
  await expectNoLeakedTensors(() => {
    const two = index.max([ctkdPerSample({}), ctkdPerSample({}), ctkd({})]) as TemperatureSchedule;
    const variables = two.variables?.({ classes: 3, losses: [], random: createRandom(1) }) ?? {};
    expect(Object.keys(variables)).toContain('2.theta');
    expect(variables['0.hiddenKernel']?.dataSync()).not.toEqual(variables['1.hiddenKernel']?.dataSync());
    tf.dispose(variables);
  });
});
