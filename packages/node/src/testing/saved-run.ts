import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createKit, createRandom, defineModel, type RunResult, type StudentDescription } from '@temper/core';
import { data } from '@temper/data';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { z } from 'zod';
import { expect } from 'vitest';
import { node } from '../plugin.js';
import { accuracyInPlainTfjs, type RawSamples } from './plain-tfjs.js';

/** A model for next characters from layers of tfjs alone. */
export const characters = defineModel({
  type: 'characters',
  options: z.strictObject({}),
  create:
    () =>
    ({ inputShape, classes, name }) => {
      const from = input({ shape: [...inputShape], dtype: 'int32', name: 'input' });
      const embedded = layers.embedding({ inputDim: classes, outputDim: 16, name: 'tokens' }).apply(from) as SymbolicTensor;
      const seen = layers.conv1d({ filters: 24, kernelSize: 3, padding: 'same', activation: 'relu', name: 'seen' }).apply(embedded);
      return model({
        inputs: from,
        outputs: layers.dense({ units: classes, name: 'logits' }).apply(seen as SymbolicTensor) as SymbolicTensor,
        name,
      });
    },
});

export const hidden = (...widths: number[]) => ({ type: 'mlp', hidden: widths }) as const;
export const optimizer = { type: 'adam', learningRate: 0.01 } as const;
export const base = {
  teacher: { model: hidden(16), train: { epochs: 8, optimizer } },
  student: { model: hidden(8) },
  losses: { hard: { type: 'cross-entropy' }, soft: { type: 'kl' } },
  temperature: 2,
  optimizer,
  epochs: 12,
  batchSize: 32,
} as const;

export interface Ran {
  readonly runs: string;
  readonly result: RunResult;
  readonly description: StudentDescription;
}

export async function run(runs: string, config: object, name = 'first'): Promise<Ran> {
  const kit = createKit({ plugins: [data, losses, models, characters, node({ runs })] });
  const result = await kit.run({ ...base, name, ...config } as never);
  result.student.dispose();
  result.teacher?.dispose();
  const description = JSON.parse(await readFile(join(runs, name, 'student', 'student.json'), 'utf8')) as StudentDescription;
  return { runs, result, description };
}

/** Returns flowers with columns of very different size, as lines of a file and as raw samples. */
export function flowers(count: number, seed: number, time = 0) {
  const stream = createRandom(seed).stream('flowers');
  const kinds = ['setosa', 'versicolor', 'virginica'];
  const samples = Array.from({ length: count }, (_, i) => {
    const kind = i % 3;
    const z = (): number => stream.normal();
    const columns = [
      1e6 + 1e5 * (z() + kind),
      1e-6 * (z() - kind),
      300 + 0.7 * (z() + kind),
      -0.5 + z() * (kind + 1),
      time + 1e4 * (z() + 2 * kind),
    ];
    return { label: kind, columns: columns.map((x, c) => (c === 4 ? Math.round(x) : Number(x.toPrecision(9)))) };
  });
  const head = 'elevation,trace,kelvin,"signed, offset",time,species';
  const csv = `${head}\n${samples.map(({ label, columns }) => `${columns.join(',')},${kinds[label]}`).join('\n')}\n`;
  return {
    csv,
    samples,
    raw: { shape: [count, 5], inputs: samples.flatMap(({ columns }) => columns), labels: samples.map(({ label }) => label) },
  };
}

export const csvOf = async (folder: string, time = 0, options: object = {}) => {
  const [train, tested] = [flowers(240, 1, time), flowers(300, 2, time)];
  await writeFile(join(folder, 'train.csv'), train.csv);
  await writeFile(join(folder, 'test.csv'), tested.csv);
  return {
    tested,
    config: { data: { type: 'csv', path: join(folder, 'train.csv'), testPath: join(folder, 'test.csv'), label: 'species', ...options } },
  };
};

/** Checks that plain tfjs reaches the figures of the summary on raw inputs, to the last sample; for the teacher too. */
export async function expectSelfContained({ runs, result }: Ran, raw: RawSamples, least = 0.5, name = 'first'): Promise<void> {
  expect(result.test['accuracy']).toBeGreaterThan(least);
  const student = await accuracyInPlainTfjs(join(runs, name, 'student'), raw);
  expect(student * raw.labels.length).toBeCloseTo((result.test['accuracy'] as number) * raw.labels.length, 3);
  const teacher = await accuracyInPlainTfjs(join(runs, name, 'teacher'), raw);
  expect(teacher * raw.labels.length).toBeCloseTo((result.teacherTest?.['accuracy'] as number) * raw.labels.length, 3);
}
