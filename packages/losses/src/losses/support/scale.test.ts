import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { gradientSizes } from '../../gradient-size.js';
import { kl } from '../kl.js';

const logits = () => ({ student: tf.randomNormal([16, 10], 0, 2, 'float32', 1), teacher: tf.randomNormal([16, 10], 0, 2, 'float32', 2) });

test('the initial scale keeps the factor of the first temperature', () => {
  tf.tidy(() => {
    const x = logits();
    const plain = kl({ scale: 'none' })({ ...x, temperature: 3 }).arraySync() as number[];
    expect(kl({ scale: 'initial' })({ ...x, temperature: 3, initialTemperature: 5 }).arraySync()).toEqual(
      plain.map((value) => expect.closeTo(25 * value, 3) as number),
    );
  });
});

test('the initial scale is refused when no first temperature is known', () => {
  tf.tidy(() => {
    expect(() => kl({ scale: 'initial' })({ ...logits(), temperature: tf.ones([16, 1]) })).toThrow(
      "scale 'initial' needs the temperature of the first update",
    );
  });
});

test('gradients shrink by 1/T² without a scale and keep their size with it', () => {
  tf.tidy(() => {
    const [plain, squared, initial] = (['none', 'temperature-squared', 'initial'] as const).map((scale) =>
      gradientSizes(kl({ scale }), logits(), [20, 40], 20),
    ) as [number[], number[], number[]];
    expect((plain[0] as number) / (plain[1] as number)).toBeCloseTo(4, 0);
    expect((squared[0] as number) / (squared[1] as number)).toBeCloseTo(1, 1);
    expect(initial[0]).toBeCloseTo(squared[0] as number, 5);
    expect(initial[1]).toBeCloseTo(400 * (plain[1] as number), 5);
  });
});
