import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { TemperatureSchedule } from '../../contracts/schedule.js';
import { defineMetric, defineTemperature } from '../../kit/define.js';
import { createKit } from '../../kit/kit.js';
import { basicRun, basics, blobs, recorder } from '../fixtures/basic-run.js';

/** Mean probability of all classes but the label: smaller is better, and no built-in metric. */
const doubt = defineMetric({
  type: 'doubt',
  better: 'min',
  unit: 'share',
  range: [0, 1],
  options: z.strictObject({}).describe('mean probability of the other classes'),
  create: () => ({ sample: ({ student, oneHot }) => tf.sub(1, tf.sum(tf.mul(student.probabilities, oneHot), 1)) }),
});

/** Remembers the direction that the run names for a metric. */
const directed = defineTemperature({
  type: 'directed',
  options: z.strictObject({ metric: z.string() }),
  create: ({ metric }): TemperatureSchedule => ({
    scalars: (_, state) => ({ value: state === 'min' ? 2 : 1 }),
    state: { initial: null, observe: (_, seen, _at, better) => (metric in seen ? (better?.[metric] ?? 'none') : null) },
  }),
});
const kit = createKit({ plugins: [basics, doubt, directed] });
const run = async (changes: object) => {
  const seen = recorder();
  const result = await kit.run({ ...basicRun, ...changes } as never, { data: blobs(), reporters: [seen] });
  result.student.dispose();
  result.teacher?.dispose();
  return { result, seen };
};

describe('a metric of a plug-in', () => {
  test("a plug-in's metric is measured, selects weights and is described in the result", async () => {
    const { result, seen } = await run({ metrics: ['accuracy', 'doubt', { type: 'top-k', k: 2 }, 'kl'], keep: { by: 'doubt' } });
    const [start] = seen.of('run-start');
    expect(start?.metricFacts['doubt']).toEqual({ better: 'min', unit: 'share' });
    expect(result.metricFacts).toEqual(start?.metricFacts);
    expect(Object.keys(result.test)).toEqual(['accuracy', 'doubt', 'top2', 'kl']);
    expect(Object.keys(result.teacherTest ?? {})).toEqual(['accuracy', 'doubt', 'top2']);
    const ofStudent = seen.of('evaluation').filter(({ split, stage }) => split === 'validation' && stage !== 'teacher');
    const least = Math.min(...ofStudent.map(({ metrics }) => metrics['doubt'] as number));
    expect(result.chosen.by).toBe('best validation doubt');
    expect(result.chosen.validation['doubt']).toBe(least);
    expect(ofStudent.filter(({ best }) => best).at(-1)?.metrics['doubt']).toBe(least);
  });

  test("a plug-in's metric stops training early by its own direction", async () => {
    const { result } = await run({ epochs: 100, metrics: ['doubt'], earlyStopping: { metric: 'doubt', patience: 1, minDelta: 0.01 } });
    const [stop] = result.stops;
    expect(stop).toMatchObject({ metric: 'doubt', reason: 'doubt has not improved by more than 0.01 for 1 evaluation' });
    // It fell from evaluation to evaluation: a rule that wanted more of it would have stopped after the second.
    expect(stop?.epoch).toBeGreaterThan(2);
  });

  test("a plug-in's metric has its direction in reactive strategies", async () => {
    const { seen } = await run({ metrics: ['doubt'], temperature: { type: 'directed', metric: 'validation.doubt' } });
    expect(seen.of('steps').at(-1)?.scalars['temperature.value']).toBe(2);
  });
});

describe('metrics of a config', () => {
  test.each([
    [{ metrics: ['acuracy'] }, 'metrics[0].type: unknown metric "acuracy"; did you mean "accuracy"?'],
    [{ metrics: [{ type: 'top-k', k: 0 }] }, 'metrics[0].k: must be a finite number at least 1, got 0'],
    [{ metrics: ['nll', 'nll'] }, 'metrics[1]: "nll" is already the name of metrics[0]'],
    [{ metrics: [] }, 'metrics: must have at least 1 entries, got 0'],
    [{ metrics: ['nll'], earlyStopping: { patience: 1 } }, 'earlyStopping.metric: unknown metric "accuracy"'],
    [{ keep: { by: 'nl' } }, 'keep.by: unknown metric "nl"; did you mean "nll"?'],
    [{ keep: 'bets' }, 'keep: must be "best", "last" or { "by": "nll" } with the name of a metric, got "bets"; did you mean "best"?'],
    [{ teacher: { model: { type: 'dense' }, train: { keep: { by: 'kl' } } } }, 'teacher.train.keep.by: unknown metric "kl"'],
    [
      { metrics: ['kl'], teacher: { model: { type: 'dense' }, train: {} } },
      'metrics: every metric compares with a teacher, and teacher.train is trained without one',
    ],
    [{ temperature: { type: 'directed', metric: 'validation.brier' }, metrics: ['nll'] }, 'temperature.metric: unknown metric'],
  ])('metrics of %j are refused with the config', (changes, message) => {
    expect(() => kit.parse({ ...basicRun, ...changes })).toThrow(message);
  });

  test('a k above the number of classes is refused before training', async () => {
    const seen = recorder();
    const config = { ...basicRun, metrics: ['accuracy', { type: 'top-k', k: 4 }] };
    await expect(kit.run(config as never, { data: blobs(), reporters: [seen] })).rejects.toThrow(
      'metrics[1].k: must be at most the number of classes, 3, got 4',
    );
    expect(seen.events).toEqual([]);
  });

  test('the first metric selects the best weights when accuracy is not measured', async () => {
    const { result } = await run({ metrics: ['brier', 'nll'] });
    expect(result.chosen.by).toBe('best validation brier');
    expect(Object.keys(result.test)).toEqual(['brier', 'nll']);
  });
});
