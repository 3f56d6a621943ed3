import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import * as tfn from '@tensorflow/tfjs-node';
import { createKit } from '@temper/core';
import { data } from '@temper/data';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { describe, expect, test } from 'vitest';
import { exportSavedModel } from './export-saved-model.js';
import { node } from '../plugin.js';
import { accuracyInPlainTfjs } from '../testing/plain-tfjs.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { loadStudent } from './load-student.js';
import { base, run, csvOf, expectSelfContained } from '../testing/saved-run.js';

const mnist = fileURLToPath(new URL('../../../../../shared/data/mnist/', import.meta.url));

describe('students saved for raw inputs', () => {
  test('tfjs reaches the accuracy of the summary on a table with standardised columns', async () => {
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

  test('tfjs loads the student of a table, and a run accepts the loaded model', async () => {
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

  test('tfjs reaches the accuracy of the summary on a table as images, standardised', async () => {
    const folder = await temporaryFolder();
    const { tested, config } = await csvOf(folder, 0, { inputShape: [5, 1, 1] });
    const ran = await run(join(folder, 'runs'), config);
    await expectSelfContained(ran, { ...tested.raw, shape: [300, 5, 1, 1] });
  });

  test('tfjs reaches the accuracy of the summary on a table scaled by a factor', async () => {
    const folder = await temporaryFolder();
    const { tested, config } = await csvOf(folder, 0, { inputs: ['signed, offset', 'kelvin'], scale: 0.003 });
    const ran = await run(join(folder, 'runs'), config);
    expect(ran.description).toMatchObject({ preparation: { type: 'scale', factor: 0.003 }, preparedIn: 'network' });
    const inputs = tested.samples.flatMap(({ columns }) => [columns[3] as number, columns[2] as number]);
    await expectSelfContained(ran, { shape: [300, 2], inputs, labels: tested.raw.labels }, 0.3);
  });

  test('tfjs reaches the accuracy of the summary on drawn digits', async () => {
    const runs = join(await temporaryFolder(), 'runs');
    const options = { type: 'digits', train: 600, validation: 60, test: 500 } as const;
    const ran = await run(runs, { data: options });
    const { test: part } = await createKit({ plugins: [data] }).data(options)();
    const batch = await part.batch(Int32Array.from({ length: 500 }, (_, i) => i));
    const bytes = Array.from(await batch.inputs.data(), (x) => Math.round(255 * x));
    await expectSelfContained(ran, { shape: [500, 28, 28, 1], inputs: bytes, labels: [...(await batch.labels.data())] });
  });

  test.skipIf(!existsSync(mnist))('tfjs reaches the accuracy of the summary on MNIST (needs its IDX files)', async () => {
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

  test('tfjs reaches the accuracy of the summary on characters of a text', async () => {
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
