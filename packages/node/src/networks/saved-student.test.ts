import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import * as tfn from '@tensorflow/tfjs-node';
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createKit, createRandom, defineModel, type RunResult, type StudentDescription } from '@temper/core';
import { data } from '@temper/data';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { z } from 'zod';
import { describe, expect, test } from 'vitest';
import { exportSavedModel } from './export-saved-model.js';
import { node } from '../plugin.js';
import { accuracyInPlainTfjs, type RawSamples } from '../testing/plain-tfjs.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { loadStudent } from './load-student.js';

const mnist = fileURLToPath(new URL('../../../../../shared/data/mnist/', import.meta.url));

/** Next characters, of layers that tfjs has itself. */
const characters = defineModel({
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

const hidden = (...widths: number[]) => ({ type: 'mlp', hidden: widths }) as const;
const optimizer = { type: 'adam', learningRate: 0.01 } as const;
const base = {
  teacher: { model: hidden(16), train: { epochs: 8, optimizer } },
  student: { model: hidden(8) },
  losses: { hard: { type: 'cross-entropy' }, soft: { type: 'kl' } },
  temperature: 2,
  optimizer,
  epochs: 12,
  batchSize: 32,
} as const;

interface Ran {
  readonly runs: string;
  readonly result: RunResult;
  readonly description: StudentDescription;
}

async function run(runs: string, config: object, name = 'first'): Promise<Ran> {
  const kit = createKit({ plugins: [data, losses, models, characters, node({ runs })] });
  const result = await kit.run({ ...base, name, ...config } as never);
  result.student.dispose();
  result.teacher?.dispose();
  const description = JSON.parse(await readFile(join(runs, name, 'student', 'student.json'), 'utf8')) as StudentDescription;
  return { runs, result, description };
}

/** Flowers in columns of very different size, as lines of a file and as raw samples. */
function flowers(count: number, seed: number, time = 0) {
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

const csvOf = async (folder: string, time = 0, options: object = {}) => {
  const [train, tested] = [flowers(240, 1, time), flowers(300, 2, time)];
  await writeFile(join(folder, 'train.csv'), train.csv);
  await writeFile(join(folder, 'test.csv'), tested.csv);
  return {
    tested,
    config: { data: { type: 'csv', path: join(folder, 'train.csv'), testPath: join(folder, 'test.csv'), label: 'species', ...options } },
  };
};

/** What plain tfjs makes of raw inputs is what the summary says, to the last sample; for the teacher too. */
async function expectSelfContained({ runs, result }: Ran, raw: RawSamples, least = 0.5, name = 'first'): Promise<void> {
  expect(result.test['accuracy']).toBeGreaterThan(least);
  const student = await accuracyInPlainTfjs(join(runs, name, 'student'), raw);
  expect(student * raw.labels.length).toBeCloseTo((result.test['accuracy'] as number) * raw.labels.length, 3);
  const teacher = await accuracyInPlainTfjs(join(runs, name, 'teacher'), raw);
  expect(teacher * raw.labels.length).toBeCloseTo((result.teacherTest?.['accuracy'] as number) * raw.labels.length, 3);
}

describe('plain tfjs gives from raw inputs the accuracy of the summary', () => {
  test('for a table whose columns are standardised', async () => {
    const folder = await temporaryFolder();
    const { tested, config } = await csvOf(folder);
    const ran = await run(join(folder, 'runs'), config);
    await expectSelfContained(ran, tested.raw);
    expect(ran.result.warnings.join()).not.toContain('float32');
    expect(ran.description).toMatchObject({
      format: 'temper-student',
      version: 1,
      classes: ['setosa', 'versicolor', 'virginica'],
      inputs: { shape: [5], dtype: 'float32', names: ['elevation', 'trace', 'kelvin', 'signed, offset', 'time'] },
      outputs: 'logits',
      preparation: { type: 'standardise' },
      preparedIn: 'network',
      test: { accuracy: ran.result.test['accuracy'] },
    });

    const student = await loadStudent('first', { runs: ran.runs });
    const predictions = await student.predict(tested.raw.labels.map((_, i) => tested.raw.inputs.slice(5 * i, 5 * i + 5)));
    const correct = predictions.filter(({ class: name }, i) => name === student.description.classes[tested.raw.labels[i] as number]).length;
    expect(correct / 300).toBeCloseTo(ran.result.test['accuracy'] as number, 6);

    const saved = join(folder, 'saved');
    await exportSavedModel(student, saved);
    const graph = await tfn.node.loadSavedModel(saved);
    const right = tf.tidy(() => {
      const { logits } = graph.predict({ inputs: tf.tensor2d(tested.raw.inputs, [300, 5]) }) as { logits: tf.Tensor };
      return [...tf.argMax(logits, -1).dataSync()].filter((label, i) => label === tested.raw.labels[i]).length;
    });
    expect(right).toBe(correct);
    expect(JSON.parse(await readFile(join(saved, 'student.json'), 'utf8'))).toMatchObject({
      network: 'graph',
      preparedIn: 'network',
      classes: ran.description.classes,
    });
    graph.dispose();
    student.dispose();
  });

  test('for a table whose saved student tfjs loads and a program gives back to a run', async () => {
    const folder = await temporaryFolder();
    const { tested, config } = await csvOf(folder);
    const first = await run(join(folder, 'runs'), config);
    const path = `file://${join(folder, 'runs', 'first', 'student', 'model.json')}`;
    const kit = createKit({ plugins: [data, losses, models, node({ runs: join(folder, 'runs') })] });
    const [teacher, student] = [await tfn.loadLayersModel(path), await tfn.loadLayersModel(path)];
    const second = await kit.run(
      {
        ...base,
        ...config,
        name: 'second',
        teacher: undefined,
        student: undefined,
        optimizer: { type: 'sgd', learningRate: 1e-20 },
      } as never,
      {
        teacher: teacher as never,
        student: student as never,
      },
    );
    expect(second.teacherTest?.['accuracy']).toBe(first.result.test['accuracy']);
    expect(second.test['accuracy']).toBe(first.result.test['accuracy']);
    const again = await accuracyInPlainTfjs(join(folder, 'runs', 'second', 'student'), tested.raw);
    expect(again).toBeCloseTo(first.result.test['accuracy'] as number, 6);
    second.student.dispose();
    second.teacher?.dispose();
  });

  test('for a table as images, standardised', async () => {
    const folder = await temporaryFolder();
    const { tested, config } = await csvOf(folder, 0, { inputShape: [5, 1, 1] });
    const ran = await run(join(folder, 'runs'), config);
    await expectSelfContained(ran, { ...tested.raw, shape: [300, 5, 1, 1] });
  });

  test('for a table that a factor scales', async () => {
    const folder = await temporaryFolder();
    const { tested, config } = await csvOf(folder, 0, { inputs: ['signed, offset', 'kelvin'], scale: 0.003 });
    const ran = await run(join(folder, 'runs'), config);
    expect(ran.description).toMatchObject({ preparation: { type: 'scale', factor: 0.003 }, preparedIn: 'network' });
    const inputs = tested.samples.flatMap(({ columns }) => [columns[3] as number, columns[2] as number]);
    await expectSelfContained(ran, { shape: [300, 2], inputs, labels: tested.raw.labels }, 0.3);
  });

  test('for drawn digits', async () => {
    const runs = join(await temporaryFolder(), 'runs');
    const options = { type: 'digits', train: 600, validation: 60, test: 500 } as const;
    const ran = await run(runs, { data: options });
    const { test: part } = await createKit({ plugins: [data] }).data(options)();
    const batch = await part.batch(Int32Array.from({ length: 500 }, (_, i) => i));
    const bytes = Array.from(await batch.inputs.data(), (x) => Math.round(255 * x));
    await expectSelfContained(ran, { shape: [500, 28, 28, 1], inputs: bytes, labels: [...(await batch.labels.data())] });
  });

  test.skipIf(!existsSync(mnist))('for MNIST in IDX files (skipped where the files are absent)', async () => {
    const folder = await temporaryFolder();
    const [images, labels] = (await Promise.all(
      ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'].map(async (name) => gunzipSync(await readFile(join(mnist, name)))),
    )) as [Buffer, Buffer];
    const part = async (name: string, from: number, to: number) => {
      const cut = (bytes: Buffer, header: number, width: number): Buffer => {
        const head = Buffer.from(bytes.subarray(0, header));
        head.writeUInt32BE(to - from, 4);
        return Buffer.concat([head, bytes.subarray(header + from * width, header + to * width)]);
      };
      await writeFile(join(folder, `${name}-images-idx3-ubyte`), cut(images, 16, 784));
      await writeFile(join(folder, `${name}-labels-idx1-ubyte`), cut(labels, 8, 1));
    };
    await part('train', 0, 4000);
    await part('t10k', 4000, 10_000);
    const ran = await run(join(folder, 'runs'), {
      data: { type: 'idx', folder },
      student: { model: { type: 'cnn', channels: [4], dense: [] } },
    });
    expect(ran.description).toMatchObject({ classes: [...'0123456789'], inputs: { shape: [28, 28, 1] }, preparation: { type: 'scale' } });
    await expectSelfContained(ran, {
      shape: [6000, 28, 28, 1],
      inputs: [...images.subarray(16 + 4000 * 784)],
      labels: [...labels.subarray(8 + 4000)],
    });
  });

  test('for the characters of a text, by their numbers in student.json', async () => {
    const folder = await temporaryFolder();
    const text = Array.from({ length: 400 }, (_, i) => `the ${['cat', 'dog', 'bird'][i % 3]} ran ${['home', 'away'][i % 2]}. `).join('');
    await writeFile(join(folder, 'text.txt'), text);
    const network = { model: { type: 'characters' } };
    const ran = await run(join(folder, 'runs'), {
      data: { type: 'text', path: join(folder, 'text.txt'), length: 16 },
      teacher: { ...network, train: { epochs: 3 } },
      student: network,
    });
    const { classes, preparation } = ran.description;
    expect(preparation).toEqual({ type: 'vocabulary', characters: classes });
    expect(ran.description.preparedIn).toBe('outside');
    const ids = Array.from(text, (character) => classes.indexOf(character));
    const from = Math.floor(ids.length * 0.9);
    const size = 16 * Math.floor((ids.length - from - 1) / 16);
    const raw = {
      shape: [size / 16, 16],
      dtype: 'int32',
      inputs: ids.slice(from, from + size),
      labels: ids.slice(from + 1, from + 1 + size),
    } as const;
    await expectSelfContained(ran, raw);

    const student = await loadStudent('first', { runs: ran.runs });
    const [said] = await student.predict([text.slice(0, 40)]);
    expect(said?.positions).toHaveLength(16);
    expect(student.description.classes).toContain(said?.class);
    await expect(student.predict(['too short'])).rejects.toThrow('samples[0]: must have at least 16 characters, got 9');
    await expect(student.predict(['the cat ran home. THE'])).rejects.toThrow('character 13 is "T", which is not in the vocabulary');
    student.dispose();
  });
});

describe('time stamps, which float32 cannot hold', () => {
  test('are prepared outside of the network: student.json and the summary say so, loadStudent does it', async () => {
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

describe('a saved network as the teacher of another run', () => {
  test.each<[string, object, object]>([
    ['of the same data', {}, {}],
    ['of the same table, scaled by a factor', {}, { scale: 0.5 }],
    ['of the same table, raw', {}, { scale: 1 }],
    ['of the same table, cut by another seed', {}, { seed: 9 }],
    ['of time stamps, cut by another seed', { time: 1_700_000_000 }, { seed: 9 }],
  ])('sees inputs prepared its own way: %s', async (_, { time = 0 }: { time?: number }, options) => {
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
  ])('goes on as a student, and is self-contained again: %s', async (_, options) => {
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

  test('is refused, with both preparations, where raw values have lost their digits', async () => {
    const folder = await temporaryFolder();
    const { config } = await csvOf(folder, 1_700_000_000);
    await run(join(folder, 'runs'), config);
    const raw = { ...config, data: { ...config.data, scale: 1e-9 }, teacher: { from: 'first' } };
    await expect(run(join(folder, 'runs'), raw, 'second')).rejects.toMatchObject({
      code: 'model/invalid',
      path: 'teacher.from',
      message: expect.stringMatching(/prepared by standardise with means .*; the data are prepared by scale by 1e-9/) as string,
    });
  });
});
