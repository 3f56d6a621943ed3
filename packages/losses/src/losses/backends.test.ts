import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from '@temper/core';
import { afterAll, describe, expect, test } from 'vitest';
import * as all from '../index.js';

const onLogits: Readonly<Record<string, Loss>> = {
  adaptiveKl: all.adaptiveKl(),
  annealingKd: all.annealingKd({ maxTemperature: 8 }),
  consistency: all.consistency({ threshold: 0.5 }),
  cosine: all.cosine(),
  crossEntropy: all.crossEntropy({ labelSmoothing: 0.1 }),
  dist: all.dist(),
  dkd: all.dkd(),
  generalizedJsd: all.generalizedJsd({ beta: 0.3 }),
  kl: all.kl(),
  logitStandardization: all.logitStandardization(),
  mae: all.mae(),
  mse: all.mse(),
  multiLevelLogits: all.multiLevelLogits({ temperatures: [2, 4] }),
  reverseKl: all.kl({ direction: 'reverse' }),
  skewKl: all.skewKl(),
  softCrossEntropy: all.softCrossEntropy(),
  taid: all.taid({ share: 0.4 }),
  todi: all.todi(),
  topKKl: all.topKKl({ k: 2 }),
  ttm: all.ttm(),
  wsl: all.wsl(),
  wttm: all.wttm(),
};
const hints = { student: 'a', teacher: 'b' };
const onTaps: Readonly<Record<string, Loss>> = {
  fitnets: all.fitnets(hints),
  attentionTransfer: all.attentionTransfer(hints),
  channelWise: all.channelWise({ ...hints, temperature: 2 }),
  rkd: all.rkd(hints),
  similarityPreserving: all.similarityPreserving(hints),
  pkt: all.pkt(hints),
};

const numbers = (backend: string, make: () => { at: tf.Tensor; loss: (at: tf.Tensor) => tf.Tensor }): Promise<number[]> =>
  tf.setBackend(backend).then(() =>
    tf.tidy(() => {
      const { at, loss } = make();
      const gradient = tf.grad((moved) => tf.sum(loss(moved)))(at);
      return [...loss(at).dataSync(), ...gradient.dataSync()];
    }),
  );

async function expectAgreement(make: () => { at: tf.Tensor; loss: (at: tf.Tensor) => tf.Tensor }): Promise<void> {
  const [native, plain] = [await numbers('tensorflow', make), await numbers('cpu', make)];
  expect(plain.map((value, i) => Math.abs(value - (native[i] as number)) <= 1e-4 * Math.abs(native[i] as number) + 1e-5)).not.toContain(
    false,
  );
}

afterAll(() => tf.setBackend('tensorflow'));

describe('the JavaScript backend', () => {
  test.each(Object.entries(onLogits))('%s on logits is the same on the JavaScript and the native backend', async (_, loss) => {
    await expectAgreement(() => {
      const teacher = tf.tensor2d([
        [1, 2, -3, 0.5],
        [0, 4, 1, -60],
        [8, 1, 0, 0],
      ]);
      const labels = tf.tensor1d([1, -100, 2], 'int32');
      const mask = tf.tensor1d([1, 0, 1]);
      return {
        at: tf.tensor2d([
          [0, 1, 5, 2],
          [70, 0, 0.5, 0],
          [-1, 1, 0, 3],
        ]),
        loss: (student) => loss({ student, teacher, labels, mask, temperature: 2 }),
      };
    });
  });
  test.each(Object.entries(onTaps))('%s on layers is the same on the JavaScript and the native backend', async (_, loss) => {
    await expectAgreement(() => {
      const map = (start: number, size: number, channels: number): tf.Tensor =>
        tf.sin(tf.reshape(tf.range(start, start + 2 * size * size * channels), [2, size, size, channels]));
      const teacher = { b: map(7, 4, 3) };
      return { at: map(1, 2, 3), loss: (a) => loss({ student: tf.zeros([2, 5]), taps: { student: { a }, teacher } }) };
    });
  });
});
