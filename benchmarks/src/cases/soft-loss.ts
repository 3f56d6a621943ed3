import * as tf from '@tensorflow/tfjs-core';
import { kl } from '@temper/losses';
import { compiledEngine } from '@temper/node';
import type { Case } from '../cases.js';
import { repeated } from '../measure.js';

const softLoss = (shape: number[]): Case => ({
  name: `soft loss and gradient [${shape.join(', ')}]`,
  against: { peer: `soft-loss-${shape.join('x')}` },
  goal: 0.75,
  prepare() {
    const loss = kl();
    const step = compiledEngine().prepare({
      name: 'soft loss',
      state: [],
      body({ student, teacher, temperature }) {
        const { value, grad } = tf.valueAndGrad((logits) =>
          tf.mean(loss({ student: logits, teacher: teacher as tf.Tensor, temperature: temperature as tf.Tensor })),
        )(student as tf.Tensor);
        return { value, gradient: grad };
      },
    });
    const batch = { student: tf.randomNormal(shape, 0, 2, 'float32', 1), teacher: tf.randomNormal(shape, 0, 2, 'float32', 2) };
    let update = 0;
    const run = (): void => tf.dispose(step.run(batch, { temperature: 20 - (update++ % 1000) / 100 }) as tf.NamedTensorMap);
    return repeated(run, () => {
      step.dispose();
      tf.dispose(batch);
    });
  },
});

export const softLossCases: readonly Case[] = [softLoss([64, 1000]), softLoss([32, 128, 1000])];
