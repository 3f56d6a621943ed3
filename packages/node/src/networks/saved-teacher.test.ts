import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { accuracyInPlainTfjs } from '../testing/plain-tfjs.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { loadStudent } from './load-student.js';
import { run, csvOf } from '../testing/saved-run.js';

describe('time stamps that float32 cannot hold', () => {
  test('time stamps are prepared outside of the network by loadStudent', async () => {
    const folder = await temporaryFolder();
    const { tested, config } = await csvOf(folder, 1_700_000_000);
    const { result, runs, description } = await run(join(folder, 'runs'), config);
    expect(description).toMatchObject({ preparedIn: 'outside', preparationLayers: [], preparation: { type: 'standardise' } });
    expect(result.warnings.find((one) => one.includes('float32'))).toMatch(/^the values of time do not fit in float32/);
    const summary = JSON.parse(await readFile(join(runs, 'first', 'summary.json'), 'utf8')) as { warnings: string[] };
    expect(summary.warnings.join()).toContain('the values of time');

    const student = await loadStudent(join(runs, 'first'));
    const names = description.inputs.names as string[];
    const records = tested.samples.map(({ columns }) => Object.fromEntries(names.map((name, i) => [name, columns[i] as number])));
    const predictions = await student.predict(records);
    const correct = predictions.filter(({ class: name }, i) => name === description.classes[tested.raw.labels[i] as number]).length;
    expect(correct / 300).toBeCloseTo(result.test['accuracy'] as number, 6);
    await expect(student.predict([Float32Array.from(tested.raw.inputs.slice(0, 5))])).rejects.toThrow(
      'samples[0]: is a Float32Array, whose float32 numbers',
    );
    student.dispose();
  });
});

describe('a saved network in another run', () => {
  test.each<[string, object, object]>([
    ['of the same data', {}, {}],
    ['of the same table, scaled by a factor', {}, { scale: 0.5 }],
    ['of the same table, raw', {}, { scale: 1 }],
    ['of the same table, cut by another seed', {}, { seed: 9 }],
    ['of time stamps, cut by another seed', { time: 1_700_000_000 }, { seed: 9 }],
  ])('a saved teacher gets inputs prepared as in its own run on data %s', async (_, { time = 0 }: { time?: number }, options) => {
    const folder = await temporaryFolder();
    const { config } = await csvOf(folder, time);
    const first = await run(join(folder, 'runs'), config);
    const again = await run(
      join(folder, 'runs'),
      { ...config, data: { ...config.data, ...options }, teacher: { from: 'first' } },
      'second',
    );
    expect(again.result.teacherTest?.['accuracy']).toBeCloseTo(first.result.test['accuracy'] as number, 6);
    expect(again.result.teacherTest?.['nll']).toBeCloseTo(first.result.test['nll'] as number, 3);
  });

  test.each<[string, object]>([
    ['of the same data', {}],
    ['of the same table, scaled by a factor', { scale: 0.5 }],
    ['of the same table, cut by another seed', { seed: 9 }],
  ])('a saved network trains on as a self-contained student on data %s', async (_, options) => {
    const folder = await temporaryFolder();
    const { tested, config } = await csvOf(folder);
    const runs = join(folder, 'runs');
    await run(runs, config);
    const { result } = await run(
      runs,
      { ...config, data: { ...config.data, ...options }, student: { from: 'first' }, epochs: 2 },
      'second',
    );
    const accuracy = await accuracyInPlainTfjs(join(runs, 'second', 'student'), tested.raw);
    expect(accuracy).toBeCloseTo(result.test['accuracy'] as number, 6);
    expect(accuracy).toBeGreaterThan(0.5);
  });

  test('a teacher is refused with both preparations when raw values lost accuracy', async () => {
    const folder = await temporaryFolder();
    const { config } = await csvOf(folder, 1_700_000_000);
    await run(join(folder, 'runs'), config);
    const raw = { ...config, data: { ...config.data, scale: 1e-9 }, teacher: { from: 'first' } };
    await expect(run(join(folder, 'runs'), raw, 'second')).rejects.toMatchObject({
      code: 'model/invalid',
      path: ['teacher', 'from'],
      message: expect.stringMatching(/prepared by standardise with means .*; the data are prepared by scale by 1e-9/) as string,
    });
  });
});
