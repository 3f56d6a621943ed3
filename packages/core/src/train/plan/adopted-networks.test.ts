import * as tf from '@tensorflow/tfjs-node';
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import type { NetworkLike } from '../../contracts/network.js';
import { createKit } from '../../kit/kit.js';
import { defineModel } from '../../kit/define.js';
import { Tokens } from '../../kit/tokens.js';
import { expectNoLeakedTensors } from '@temper/testing';
import { z } from 'zod';
import { basicRun, basics, blobs } from '../fixtures/basic-run.js';
import { run } from '../fixtures/fixture-run.js';

const classifier = (activation?: 'softmax' | 'sigmoid', units = 3): LayersModel =>
  sequential({
    layers: [
      layers.dense({
        units,
        inputShape: [4],
        name: 'logits',
        ...(activation === undefined ? {} : { activation }),
        kernelInitializer: 'ones',
      }),
    ],
  });
const { teacher: _, ...fromData } = basicRun;

test('constraints on the weights of a student are said, for nothing applies them', async () => {
  const student = sequential({ layers: [layers.dense({ units: 3, inputShape: [4], name: 'logits', kernelConstraint: 'maxNorm' })] });
  const { warnings } = await createKit({ plugins: [basics] }).run(basicRun, { data: blobs(), student });
  expect(warnings).toEqual([
    'student: has constraints on logits/kernel, which training does not apply. Use a penalty (kernelRegularizer) or weightDecay instead.',
  ]);
});

describe('a network that ends in softmax', () => {
  test('teaches as the same network without it does, and the run says so once', async () => {
    const { weights: plain, result: quiet } = await run({ teacher: undefined }, { teacher: classifier() });
    const { weights, result } = await run({ teacher: undefined }, { teacher: classifier('softmax') });
    expect(weights).toEqual(plain);
    expect(quiet.warnings).toEqual([]);
    expect(result.warnings).toEqual(['teacher: ends in a softmax, which was removed: Temper uses the logits before it']);
  });

  test('is trained on its logits as a student, and given back without the softmax, its weights shared', async () => {
    const given = classifier('softmax');
    const kit = createKit({ plugins: [basics] });
    const { student, warnings } = await kit.run(
      { ...fromData, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } },
      { data: blobs(), student: given },
    );
    expect(warnings).toHaveLength(1);
    const model = student.model as LayersModel;
    const inputs = tf.ones([1, 4]);
    const [logits, probabilities] = [model, given].map((one) => one.predict(inputs) as tf.Tensor) as [tf.Tensor, tf.Tensor];
    const wanted = probabilities.dataSync();
    tf.softmax(logits)
      .dataSync()
      .forEach((value, i) => expect(value).toBeCloseTo(wanted[i] as number, 5));
    expect(model.getConfig()).not.toEqual(given.getConfig());
  });

  test('is known in a plug-in as well', async () => {
    const mine = defineModel({ type: 'mine', options: z.strictObject({}), create: () => () => classifier('softmax') });
    const kit = createKit({ plugins: [basics, mine] });
    const { warnings } = await kit.run({ ...basicRun, student: { model: { type: 'mine' } } }, { data: blobs() });
    expect(warnings).toEqual([expect.stringContaining('student.model: ends in a softmax')]);
  });

  test('is refused where its structure does not show it, and nothing leaks', async () => {
    const teacher: NetworkLike = (inputs) => tf.softmax(tf.slice(inputs, [0, 0], [-1, 3]));
    await expectNoLeakedTensors(async () => {
      await expect(run({ teacher: undefined }, { teacher })).rejects.toMatchObject({
        code: 'model/invalid',
        path: ['teacher'],
        hint: expect.stringContaining('fromProbabilities'),
      });
    });
  });

  test('is said to be two classes where it is one sigmoid unit', async () => {
    const data = blobs({ classes: 2 });
    await expect(run({ teacher: undefined }, { data, teacher: classifier('sigmoid', 1) })).rejects.toMatchObject({
      message: expect.stringContaining('has 1 class, the data 2'),
      hint: expect.stringContaining('the two logits 0 and z'),
    });
  });
});

describe('a student that begins from saved weights', () => {
  const saved = {
    load: async (path: string): Promise<NetworkLike> =>
      path === 'frozen'
        ? () =>
            tf.tensor2d([
              [1, 2, 3],
              [1, 2, 3],
            ])
        : classifier(),
  };
  const kit = createKit({ plugins: [basics] });
  const begin = (from: string) =>
    kit.run(
      { ...basicRun, student: { from }, optimizer: { type: 'sgd', learningRate: 0 } },
      { data: blobs(), services: (container) => void container.bind(Tokens.NetworkLoader).toConstantValue(saved) },
    );

  test('has them', async () => {
    const { student } = await begin('first/student');
    expect([...(student.parameters[0] as tf.Variable).dataSync()]).toEqual(Array.from({ length: 12 }, () => 1));
  });

  test('is refused without a loader, and where nothing in it can be trained', async () => {
    await expect(kit.run({ ...basicRun, student: { from: 'x' } }, { data: blobs() })).rejects.toMatchObject({
      code: 'plugin/missing-requirement',
      path: ['student', 'from'],
    });
    await expect(begin('frozen')).rejects.toMatchObject({ code: 'model/invalid', path: ['student', 'from'] });
  });

  test.each([
    [{}, 'student: must be exactly one of: model (an architecture), from (a saved network)'],
    [{ model: { type: 'dense' }, from: 'x' }, 'student: must be exactly one of'],
    [{ form: 'x' }, 'student.form: unknown option "form"; did you mean "from"?'],
  ])('%j is no student', (student, message) => {
    expect(() => kit.parse({ ...basicRun, student })).toThrow(message);
  });
});

describe('a network in the config', () => {
  const kit = createKit({ plugins: [basics] });
  test.each<[string, object, string]>([
    [
      'a model as the student',
      { student: classifier() },
      'student: is a network made in code, but a config holds plain values only\n  Pass it in the second argument: ' +
        'kit.run(config, { student: model }).',
    ],
    ['a model within it', { student: { model: classifier() } }, 'student.model: is a network made in code'],
    ['a function as the teacher', { teacher: (x: tf.Tensor) => x }, 'teacher: is a network made in code'],
  ])('is refused with where it goes: %s', (_, changes, message) => {
    expect(() => kit.parse({ ...basicRun, ...changes })).toThrow(message);
  });

  test('and a config in place of a network too', async () => {
    await expect(run({}, { student: { model: { type: 'dense' } } as never })).rejects.toThrow(
      'A config belongs in the first argument: run({ student: { model:',
    );
  });
});
