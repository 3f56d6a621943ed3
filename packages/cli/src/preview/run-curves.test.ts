import { createKit, limits } from '@temper/core';
import { expect, test } from 'vitest';
import { standardPlugins } from '../standard.js';
import { epochMeans, epochStarts } from './epochs.js';
import { runCurves } from './run-curves.js';

const kit = createKit({ plugins: standardPlugins });
const mlp = { model: { type: 'mlp' } };

/** Curves of a run with ten updates an epoch. */
const curvesOf = (config: object) => runCurves(kit, kit.parse({ teacher: mlp, student: mlp, batchSize: 1, ...config }), 10, true);

test.each([
  ['epochs', { epochs: limits.epochs }, 10 * limits.epochs],
  ['updates', { stages: [{ steps: limits.steps }] }, limits.steps],
])('a preview of the largest allowed number of %s has few points and draws no epochs', (_, config, total) => {
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

test('a preview of few epochs draws their beginnings and means', () => {
  const { curves, stages } = curvesOf({ epochs: 3 });
  expect(epochStarts(stages)).toEqual([0, 10, 20]);
  const [means] = epochMeans(curves.find(({ name }) => name === 'temperature') as (typeof curves)[number], stages);
  expect(means?.points.map(([step]) => step)).toEqual([4.5, 14.5, 24.5]);
});
