import { createKit, defineSchedule, epochMeans, epochStarts, limits, runCurves } from '@temper/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { standardPlugins } from '../standard.js';

const kit = createKit({ plugins: standardPlugins });
const mlp = { model: { type: 'mlp' } };

/** Curves of a run with ten updates an epoch. */
const curvesOf = (config: object) => runCurves(kit, kit.parse({ teacher: mlp, student: mlp, batchSize: 1, ...config }), 10, true);

test.each([
  ['epochs', { epochs: limits.epochs }, 10 * limits.epochs],
  ['updates', { stages: [{ steps: limits.steps }] }, limits.steps],
])('a preview of the largest number of %s has few points and draws no epochs', (_, config, total) => {
  const { curves, stages, totalSteps } = curvesOf(config);
  expect(totalSteps).toBe(total);
  for (const { points } of curves) {
    expect(points.length).toBeLessThanOrEqual(20_000);
    expect(points[0]?.[0]).toBe(0);
    expect(points.at(-1)?.[0]).toBe(total - 1);
  }
  expect(epochStarts(stages)).toEqual([]);
  expect(curves.flatMap((curve) => epochMeans(curve, stages))).toEqual([]);
});

test('a preview of few epochs draws their starts and means', () => {
  const { curves, stages } = curvesOf({ epochs: 3 });
  expect(epochStarts(stages)).toEqual([0, 10, 20]);
  const [means] = epochMeans(curves.find(({ name }) => name === 'temperature') as (typeof curves)[number], stages);
  expect(means?.points.map(([step]) => step)).toEqual([4.5, 14.5, 24.5]);
});

test('a preview of the largest number of equal stages shares their strategies', () => {
  let made = 0;
  const counted = defineSchedule({ type: 'counted', options: z.object({ from: z.number() }), create: ({ from }) => (made++, () => from) });
  const own = createKit({ plugins: [...standardPlugins, counted] });
  const stages = Array.from({ length: limits.stages }, (_, i) => ({ steps: 1, temperature: { type: 'counted', from: i === 7 ? 3 : 2 } }));
  const { curves } = runCurves(own, own.parse({ teacher: mlp, student: mlp, batchSize: 1, stages }), 10, true);
  expect(curves.find(({ name }) => name === 'temperature')?.points.slice(6, 9)).toEqual([
    [6, 2],
    [7, 3],
    [8, 2],
  ]);
  // Two schedules, each once for the check of the config and once to be drawn.
  expect(made).toBe(4);
});

test('stages that differ in one strategy share the others', () => {
  let made = 0;
  const counted = defineSchedule({ type: 'counted', options: z.object({}), create: () => (made++, () => 0.01) });
  const own = createKit({ plugins: [...standardPlugins, counted] });
  const stages = Array.from({ length: 100 }, (_, i) => ({ steps: 1, temperature: i + 1 }));
  const optimizer = { type: 'sgd', learningRate: { type: 'counted' } };
  const weighting = { soft: { type: 'counted' }, hard: 1 };
  const { curves } = runCurves(own, own.parse({ teacher: mlp, student: mlp, batchSize: 1, stages, optimizer, weighting }), 10, true);
  expect(curves.find(({ name }) => name === 'temperature')?.points.at(-1)).toEqual([99, 100]);
  // The weighting for the check of the config and to be drawn, the optimizer to be drawn.
  expect(made).toBe(3);
});

test('the scale of a soft loss uses the first temperature of each stage', () => {
  const stage = {
    steps: 2,
    temperature: { type: 'linear', from: 4, to: 2 },
    losses: { soft: { type: 'kl', scale: 'initial' } },
    weighting: { soft: 1 },
  };
  const { curves } = curvesOf({ stages: [stage, { ...stage, temperature: { type: 'linear', from: 6, to: 2 } }, stage] });
  const scale = curves.find(({ name }) => name === 'gradient scale.soft')?.points.map(([, value]) => value);
  expect(scale).toEqual([4, 8, 6, 18, 4, 8]);
});
