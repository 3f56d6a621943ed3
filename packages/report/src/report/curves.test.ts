import { describe, expect, test } from 'vitest';
import { recordsOf } from '../fixtures.js';
import { collectCurves } from './curves.js';
import { overSeeds } from './over-seeds.js';
import { thin } from './thin.js';

const curvesOf = (lines: readonly string[], stages?: readonly string[]) => {
  const curves = collectCurves(stages);
  for (const line of lines) curves.add(line);
  return curves.result();
};

describe('records of a run', () => {
  test("curves are those of the student, even if its stages have the teacher's names", () => {
    const renamed = recordsOf().map((line) => line.replace('"student"', '"teacher"'));
    for (const [lines, stages] of [
      [recordsOf(), ['student']],
      [recordsOf(), undefined],
      [renamed, ['teacher']],
    ] as const) {
      const { series, step, totalSteps } = curvesOf(lines, stages);
      expect(Object.keys(series).sort()).toEqual([
        'learningRate',
        'loss',
        'loss.soft',
        'temperature',
        'validation.accuracy',
        'weighting.soft',
      ]);
      expect(series['learningRate']?.[0]).toEqual([1, 0.001]);
      expect([step, totalSteps]).toEqual([40, 40]);
    }
  });

  test('damaged records are counted and skipped', () => {
    const lines = ['{"type":"st', 'null', '[]', '{"stage":"student","step":-1}', '{"stage":"student","step":"3"}', '', ...recordsOf()];
    const curves = curvesOf([...lines, '{"stage":"student","step":41,"loss":"2","losses":{"soft":null},"scalars":7}'], ['student']);
    expect(curves.damaged).toBe(5);
    expect(curves.series['loss']).toHaveLength(40);
  });

  test('records of stages give the starts of stages', () => {
    const lines = recordsOf().map((line, i) => (i > 30 ? line.replace('"student"', '"focus"') : line));
    expect(curvesOf(lines, ['student', 'focus']).stages).toEqual([
      { name: 'student', step: 0 },
      { name: 'focus', step: expect.any(Number) as number },
    ]);
  });
});

test('a thinned curve keeps its ends and every peak', () => {
  const points = Array.from({ length: 10_000 }, (_, i) => [i, i === 4321 ? 50 : Math.sin(i)] as const);
  const kept = thin(points, 100);
  expect(kept.length).toBeLessThanOrEqual(100);
  expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
  expect(kept).toContainEqual([4321, 50]);
  expect(kept.map(([step]) => step)).toEqual([...kept.map(([step]) => step)].sort((a, b) => a - b));
});

describe('curves of several seeds', () => {
  test('curves of seeds are interpolated between records and end with their seed', () => {
    const curve = overSeeds([
      [
        [0, 0],
        [10, 10],
      ],
      [
        [0, 2],
        [5, 3],
      ],
    ]);
    expect(curve?.line).toEqual([
      [0, 1],
      [5, 4],
      [10, 10],
    ]);
    expect(curve?.band).toEqual([
      [0, 0, 2],
      [5, 3, 5],
      [10, 10, 10],
    ]);
  });

  test('curves of one seed have no band, and runs without records have no curves', () => {
    expect(overSeeds([[[0, 1]], []])).toEqual({ line: [[0, 1]] });
    expect(overSeeds([[]])).toBeUndefined();
  });
});
