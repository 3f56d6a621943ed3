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

test('weight constraints of a student are reported, since they are not applied', async () => {
  const student = sequential({ layers: [layers.dense({ units: 3, inputShape: [4], name: 'logits', kernelConstraint: 'maxNorm' })] });
  const { warnings } = await createKit({ plugins: [basics] }).run(basicRun, { data: blobs(), student });
  expect(warnings).toEqual([
    'student: has constraints on logits/kernel, which training does not apply. Use a penalty (kernelRegularizer) or weightDecay instead.',
  ]);
});

describe('networks that end in a softmax', () => {
  test('a teacher with a softmax teaches like one without, and the run reports it once', async () => {
    const { weights: plain, result: quiet } = await run({ teacher: undefined }, { teacher: classifier() });
    const { weights, result } = await run({ teacher: undefined }, { teacher: classifier('softmax') });
    expect(weights).toEqual(plain);
    expect(quiet.warnings).toEqual([]);
    expect(result.warnings).toEqual(['teacher: ends in a softmax, which was removed: Temper uses the logits before it']);
  });

  test('a student with a softmax trains on its logits and is returned without it', async () => {
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

  test('a softmax is found in the network of a plug-in as well', async () => {
    const mine = defineModel({ type: 'mine', options: z.strictObject({}), create: () => () => classifier('softmax') });
    const kit = createKit({ plugins: [basics, mine] });
    const { warnings } = await kit.run({ ...basicRun, student: { model: { type: 'mine' } } }, { data: blobs() });
    expect(warnings).toEqual([expect.stringContaining('student.model: ends in a softmax')]);
  });

  test('a softmax hidden in the structure is refused, and nothing leaks', async () => {
    const teacher: NetworkLike = (inputs) => tf.softmax(tf.slice(inputs, [0, 0], [-1, 3]));
    await expectNoLeakedTensors(async () => {
      await expect(run({ teacher: undefined }, { teacher })).rejects.toMatchObject({
        code: 'model/invalid',
        path: ['teacher'],
        hint: expect.stringContaining('fromProbabilities'),
      });
    });
  });

  test('a single sigmoid unit is reported to be two classes', async () => {
    const data = blobs({ classes: 2 });
    await expect(run({ teacher: undefined }, { data, teacher: classifier('sigmoid', 1) })).rejects.toMatchObject({
      message: expect.stringContaining('has 1 class, the data 2'),
      hint: expect.stringContaining('the two logits 0 and z'),
    });
  });
});

describe('students that begin from saved weights', () => {
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

  test('a student begins from the saved weights', async () => {
    const { student } = await begin('first/student');
    expect([...(student.parameters[0] as tf.Variable).dataSync()]).toEqual(Array.from({ length: 12 }, () => 1));
  });

  test('saved weights are refused without a loader or without trainable weights', async () => {
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
  ])('the student %j is refused', (student, message) => {
    expect(() => kit.parse({ ...basicRun, student })).toThrow(message);
  });
});

describe('networks in the config', () => {
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
  ])('a network in the config is refused with the right place: %s', (_, changes, message) => {
    expect(() => kit.parse({ ...basicRun, ...changes })).toThrow(message);
  });

  test('a config in the place of a network is refused', async () => {
    await expect(run({}, { student: { model: { type: 'dense' } } as never })).rejects.toThrow(
      'A config belongs in the first argument: run({ student: { model:',
    );
  });
});
