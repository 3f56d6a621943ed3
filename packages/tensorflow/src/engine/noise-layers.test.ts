import '@tensorflow/tfjs-node';
import { initializers, layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { arrayDataSet, createKit, createRandom, Tokens } from '@temper/core';
import { losses } from '@temper/losses';
import { beforeAll, describe, expect, test } from 'vitest';
import { registerKernels } from '../backend/register-kernels.js';
import { engines } from '../testing/split-runs.js';

// As a run does, so that both engines draw from the same generator.
beforeAll(() => registerKernels());

const kit = createKit({ plugins: [losses] });
const classes = 3;

async function train(student: LayersModel, inputShape: number[], engine: string) {
  const stream = createRandom(1).stream('noise');
  const inputs = Float32Array.from({ length: 24 * tf.util.sizeFromShape(inputShape) }, () => 2 + stream.normal());
  const data = arrayDataSet({ inputs, labels: Int32Array.from({ length: 24 }, (_, i) => i % classes), inputShape, classes });
  const { warnings } = await kit.run(
    { seed: 1, temperature: 1, keep: 'last', batchSize: 8, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 }, epochs: 4 },
    {
      data: { train: data, validation: data, test: data },
      student,
      services: (container) => void container.rebind(Tokens.Engine).toConstantValue((engines[engine] as () => never)()),
    },
  );
  return { weights: student.weights.map((weight) => [...weight.read().dataSync()]), warnings };
}

describe('students with noise layers of tfjs', () => {
  const kernelInitializer = initializers.glorotUniform({ seed: 1 });
  const head = () => layers.dense({ name: 'head', units: classes, kernelInitializer });
  const builds: Record<string, [number[], () => LayersModel]> = {
    'dropout and noise': [
      [4],
      () =>
        sequential({
          name: 'student',
          layers: [
            layers.gaussianNoise({ inputShape: [4], stddev: 0.3 }),
            layers.dense({ units: 6, kernelInitializer }),
            layers.dropout({ rate: 0.4 }),
            layers.alphaDropout({ rate: 0.1 }),
            head(),
          ],
        }),
    ],
    'dropout within a recurrent layer': [
      [3, 4],
      () =>
        sequential({
          name: 'student',
          layers: [
            layers.gru({ inputShape: [3, 4], units: 5, kernelInitializer, recurrentInitializer: kernelInitializer, dropout: 0.3 }),
            head(),
          ],
        }),
    ],
  };

  test.each(Object.entries(builds))(
    'updates of a student with %s are recorded and equal those of the eager engine',
    async (_, [shape, build]) => {
      const trained: Record<string, Awaited<ReturnType<typeof train>>> = {};
      for (const engine of Object.keys(engines)) {
        const student = build();
        trained[engine] = await train(student, shape, engine);
        student.dispose();
      }
      const [first, ...others] = Object.values(trained);
      expect(Object.values(trained).flatMap(({ warnings }) => warnings)).toEqual([]);
      for (const { weights } of others)
        weights.flat().forEach((value, i) => expect(value).toBeCloseTo(first?.weights.flat()[i] as number, 5));
    },
  );
});
