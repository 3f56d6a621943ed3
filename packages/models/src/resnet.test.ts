import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { TemperError, createKit } from '@temper/core';
import { describe, expect, test } from 'vitest';
import { models } from './index.js';
import { resnet } from './resnet.js';
import { behavesAsNetwork, built, layerNames, normalInputs, parameterCount } from './testing/networks.js';

const image = { inputShape: [32, 32, 3], classes: 10, seed: 1, name: 'teacher' };

behavesAsNetwork('resnet', () => resnet({ widths: [4, 6], blocks: 2 }), [
  { inputShape: [8, 8], classes: 3 },
  { inputShape: [9, 6, 3], classes: 4 },
]);

describe('resnet', () => {
  test('resnet with widths 16, 32, 64 and 3 blocks is ResNet-20 with projections', () => {
    const model = built(resnet({ widths: [16, 32, 64], blocks: 3 }), image);
    const norm = (channels: number): number => 2 * channels;
    const block = (from: number, to: number): number =>
      9 * from * to + 9 * to * to + 2 * norm(to) + (from === to ? 0 : from * to + norm(to));
    const stage = (from: number, to: number): number => block(from, to) + 2 * block(to, to);
    expect(parameterCount(model)).toBe(9 * 3 * 16 + norm(16) + stage(16, 16) + stage(16, 32) + stage(32, 64) + 64 * 10 + 10);
    expect(layerNames(model).filter((name) => name.endsWith('_shortcut'))).toEqual([
      'stage_2_block_1_shortcut',
      'stage_3_block_1_shortcut',
    ]);
    model.dispose();
  });

  test('resnet halves the image from stage to stage and keeps odd rows', () => {
    const model = built(resnet({ widths: [2, 3, 4] }), { ...image, inputShape: [9, 6, 1] });
    expect([1, 2, 3].map((stage) => model.getLayer(`stage_${stage}_block_1`).outputShape)).toEqual([
      [null, 9, 6, 2],
      [null, 5, 3, 3],
      [null, 3, 2, 4],
    ]);
    model.dispose();
  });

  test('moving averages change in training only, and not by gradients', () => {
    const model = built(resnet({ widths: [2] }), { ...image, inputShape: [4, 4, 1] });
    expect(model.nonTrainableWeights.map(({ originalName }) => originalName.split('/')[1])).toEqual(
      Array(3).fill(['moving_mean', 'moving_variance']).flat(),
    );
    const averages = (): number[] => model.nonTrainableWeights.flatMap((weight) => Array.from(weight.read().dataSync()));
    const before = averages();
    const inputs = normalInputs({ ...image, inputShape: [4, 4, 1] }, 2);
    tf.tidy(() => void model.apply(inputs, { training: false }));
    expect(averages()).toEqual(before);
    tf.tidy(() => void model.apply(inputs, { training: true }));
    expect(averages().every((value, i) => value !== before[i])).toBe(true);
    inputs.dispose();
    model.dispose();
  });

  test('resnet gives finite logits in training for a batch of one constant image', () => {
    const model = built(resnet({ widths: [2, 4] }), { ...image, inputShape: [4, 4, 1] });
    const logits = tf.tidy(() => (model.apply(tf.zeros([1, 4, 4, 1]), { training: true }) as tf.Tensor).dataSync());
    expect(logits.every(Number.isFinite)).toBe(true);
    model.dispose();
  });

  test('resnet is built from a config', () => {
    const model = built(createKit({ plugins: [models] }).model({ type: 'resnet', widths: [2, 2], blocks: 1 }), image);
    expect(layerNames(model)).toContain('stage_2_block_1');
    model.dispose();
  });

  test.each([
    [{}, [784], 'takes images'],
    [{ widths: [1, 1, 1, 1] }, [7, 28, 1], '4 stages halve the image 3 times, so it must be at least 8×8, got 7×28'],
  ])('resnet with options %j refuses samples of shape %j', (options, inputShape, message) => {
    const build = (): unknown => resnet(options)({ ...image, inputShape });
    expect(build).toThrow(TemperError);
    expect(build).toThrow(message);
  });

  test.each([
    [{ widths: [] }, 'resnet.widths: must have at least 1 entries, got 0'],
    [{ blocks: 0 }, 'resnet.blocks: must be a finite number at least 1, got 0'],
    [{ width: [4] }, 'unknown option "width"; did you mean "widths"?'],
  ])('resnet refuses the options %j', (options, message) => {
    expect(() => resnet(options as never)).toThrow(message);
  });
});
