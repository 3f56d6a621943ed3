import * as tf from '@tensorflow/tfjs-core';
import { adam, arrayDataSet, createRandom, createStudent, type DataSet, type StudentDescription } from '@temper/core';
import { availableEngine } from '@temper/node';
import type { Case } from '../cases.js';
import { convolutional } from '../networks.js';
import { openRunner } from '../runs.js';

const images = 10_000;
const batchSize = 256;

const description: StudentDescription = {
  format: 'temper-student',
  version: 1,
  name: 'student',
  network: 'layers',
  outputs: 'logits',
  classes: [...'0123456789'],
  labelShape: [],
  inputs: { shape: [28, 28, 1], dtype: 'float32' },
  preparation: { type: 'none' },
  preparedIn: 'network',
  preparationLayers: [],
};

/** Classes and probabilities by name, as a loaded student gives them; the peer reads its logits back. */
const prediction: Case = {
  name: `predicting ${images} images, CNN (16, 32)`,
  against: { peer: 'predict' },
  goal: 1,
  samples: images,
  prepare() {
    const { model } = convolutional(adam(0.001));
    const x = tf.randomUniform([images, 28, 28, 1], 0, 1, 'float32', 1);
    const student = createStudent(model, description, { engine: availableEngine() });
    return {
      async times(seconds) {
        const times: number[] = [];
        const end = performance.now() + 1000 * seconds;
        while (times.length < 5 || performance.now() < end) {
          const start = performance.now();
          await student.predict(x, { batchSize });
          times.push(performance.now() - start);
        }
        return times;
      },
      dispose() {
        x.dispose();
        model.dispose();
      },
    };
  },
};

function randomImages(size: number): DataSet {
  const { normal } = createRandom(1).stream('images');
  const inputs = Float32Array.from({ length: size * 784 }, normal);
  return arrayDataSet({ inputs, labels: Int32Array.from({ length: size }, (_, i) => i % 10), inputShape: [28, 28, 1], classes: 10 });
}

/** All metrics of a run's evaluation; the peer counts right answers and adds up the loss. From the first batch to the event. */
const evaluation: Case = {
  name: `evaluating ${images} images, CNN (16, 32)`,
  against: { peer: 'evaluate' },
  goal: 1,
  samples: images,
  async prepare() {
    const runner = await openRunner();
    const [small, large] = [randomImages(64), randomImages(images)];
    return {
      async times() {
        let start: number | undefined;
        const times: number[] = [];
        const validation: DataSet = {
          ...large,
          batch(indices) {
            start ??= performance.now();
            return large.batch(indices);
          },
        };
        const note = {
          name: 'evaluations',
          report(event: { type: string; split?: string }) {
            if (event.type !== 'evaluation' || event.split === 'test') return;
            times.push(performance.now() - (start as number));
            start = undefined;
          },
        };
        const student = { model: { type: 'cnn', channels: [16, 32] } } as const;
        await runner.run({ student, weighting: { hard: 1 }, epochs: 4, batchSize: 64 }, [note], { train: small, validation, test: small });
        return times.slice(1);
      },
      dispose: () => runner.dispose(),
    };
  },
};

export const inferenceCases: readonly Case[] = [evaluation, prediction];
