import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { linear } from '../curves/linear.js';
import { temperatureOf, valuesOf } from '../testing/graph-side.js';
import { ats } from './ats.js';
import { asymmetricPerSample } from './asymmetric-per-sample.js';

const logits = (rows: number[][]): tf.Tensor => tf.tensor2d(rows);
const labels = (values: number[]): tf.Tensor => tf.tensor1d(values, 'int32');

describe('ats', () => {
  test('gives the label and the other classes their temperatures, and follows progress', async () => {
    await expectNoLeakedTensors(() =>
      tf.tidy(() => {
        const z = logits([
          [1, 2, 3],
          [3, 2, 1],
          [0, 0, 0],
        ]);
        const policy = ats({ target: linear({ from: 6, to: 4 }), other: 2 });
        const temperature = temperatureOf(policy, z, z, { labels: labels([2, 0, -1]), at: { step: 99, total: 100 } });
        expect(valuesOf(temperature)).toEqual([[1], [2, 2, 4, 4, 2, 2, 2, 2, 2]]);
      }),
    );
  });

  test('gives both sides the pair when it is told to', () => {
    tf.tidy(() => {
      const z = logits([[1, 2]]);
      expect(valuesOf(temperatureOf(ats({ target: 3, other: 2, sides: 'both' }), z, z, { labels: labels([1]) }))).toEqual([[2, 3]]);
      expect(() => ats({ target: 3, other: 2, student: 1, sides: 'both' })).toThrow('student: is not allowed together with sides: "both"');
    });
  });
});

test('asymmetricPerSample chooses the pair at which the wrong classes vary most', () => {
  tf.tidy(() => {
    const pairs = [
      { target: 1, other: 1 },
      { target: 8, other: 1 },
      { target: 8, other: 8 },
    ];
    const teacher = logits([
      [9, 1, 0],
      [0, 9, 8],
      [1, 1, 1],
    ]);
    const policy = asymmetricPerSample({ pairs, student: 2 });
    const [student, chosen] = valuesOf(temperatureOf(policy, teacher, teacher, { labels: labels([0, 0, 0]) }));
    expect(student).toEqual([2]);
    // A confident teacher is softened at its label alone; where nothing varies, the first pair is kept.
    const variance = (row: number[], { target, other }: { target: number; other: number }): number => {
      const weights = row.map((z, c) => Math.exp(z / (c === 0 ? target : other)));
      const sum = weights.reduce((a, b) => a + b);
      const [a, b] = weights.slice(1).map((one) => one / sum) as [number, number];
      return (a - b) ** 2 / 4;
    };
    const best = (row: number[]): { target: number; other: number } =>
      pairs.reduce((most, pair) => (variance(row, pair) > variance(row, most) ? pair : most));
    const rows = teacher.arraySync() as number[][];
    expect(chosen).toEqual(rows.flatMap((row) => [best(row).target, best(row).other, best(row).other]));
    expect(best(rows[0] as number[])).toEqual({ target: 8, other: 1 });
    expect(chosen?.slice(6)).toEqual([1, 1, 1]);
  });
});
