import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { createRandom, type NetworkBuilder, type NetworkShape } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';

export const built = (builder: NetworkBuilder, shape: NetworkShape): LayersModel => builder(shape) as LayersModel;
export const layerNames = (model: LayersModel): string[] => model.layers.map(({ name }) => name);
export const parameterCount = (model: LayersModel): number =>
  model.trainableWeights.reduce((sum, { shape }) => sum + shape.reduce<number>((a, b) => a * (b ?? 1), 1), 0);

/** What plain tfjs makes of a model's saved form. */
export async function reloaded(model: LayersModel): Promise<LayersModel> {
  let saved: tf.io.ModelArtifacts = {};
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = { ...artifacts, modelTopology: JSON.parse(JSON.stringify(artifacts.modelTopology)) as object };
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
  return loadLayersModel(tf.io.fromMemory(saved));
}

const valuesOf = (model: LayersModel): Record<string, number[]> =>
  Object.fromEntries(model.weights.map((weight) => [weight.originalName, Array.from(weight.read().dataSync())]));

type Sample = (shape: NetworkShape, size: number) => tf.Tensor;

/** Standard normal samples. */
export const normalInputs: Sample = ({ inputShape }, size) => {
  const stream = createRandom(7).stream('inputs');
  const shape = [size, ...inputShape];
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => stream.normal()),
    shape,
  );
};

/** What every network promises: shapes, seeds, finite logits, weights that learn, and nothing left behind. */
export function behavesAsNetwork(
  type: string,
  make: () => NetworkBuilder,
  shapes: readonly Pick<NetworkShape, 'inputShape' | 'classes'>[],
  { inputs = normalInputs, positions = () => [] }: { inputs?: Sample; positions?: (shape: NetworkShape) => number[] } = {},
): void {
  describe.each(shapes.map((shape) => ({ ...shape, seed: 3, name: 'network' })))(`${type} for samples $inputShape`, (shape) => {
    test('gives finite logits of the right shape, for one sample and for several', async () => {
      await expectNoLeakedTensors(() => {
        const model = built(make(), shape);
        for (const size of [1, 4]) {
          for (const training of [false, true]) {
            const [got, values] = tf.tidy(() => {
              const logits = model.apply(inputs(shape, size), { training }) as tf.Tensor;
              return [logits.shape, logits.dataSync()];
            });
            expect(got).toEqual([size, ...positions(shape), shape.classes]);
            expect(values.every(Number.isFinite)).toBe(true);
          }
        }
        model.dispose();
      });
    });

    test('weights are a function of the seed alone', () => {
      const [first, second, other] = [
        built(make(), shape),
        built(make(), { ...shape, name: 'again' }),
        built(make(), { ...shape, seed: 4 }),
      ];
      expect(valuesOf(second)).toEqual(valuesOf(first));
      const changed = Object.entries(valuesOf(other)).filter(([name, values]) => String(values) !== String(valuesOf(first)[name]));
      const kernels = first.weights.filter(({ originalName }) => /kernel|embedding/.test(originalName));
      expect(changed.map(([name]) => name)).toEqual(kernels.map(({ originalName }) => originalName));
      expect(new Set(kernels.map((kernel) => kernel.read().dataSync()[0])).size).toBe(kernels.length);
      for (const model of [first, second, other]) model?.dispose();
    });

    test('weight names are unique, and the same in every build', () => {
      const [first, second] = [built(make(), shape), built(make(), shape)];
      const names = first.weights.map(({ originalName }) => originalName);
      expect(new Set(names).size).toBe(names.length);
      expect(second.weights.map(({ originalName }) => originalName)).toEqual(names);
      first.dispose();
      second.dispose();
    });

    test('every parameter gets a gradient, and a few steps reduce the loss', async () => {
      await expectNoLeakedTensors(() => {
        const model = built(make(), shape);
        const x = inputs(shape, 8);
        const labels = tf.tidy(() =>
          tf.oneHot(
            tf.tensor1d(
              Array.from({ length: 8 }, (_, i) => i % shape.classes),
              'int32',
            ),
            shape.classes,
          ),
        );
        const parameters = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
        const loss = (): tf.Scalar => {
          const logits = tf.reshape(model.apply(x, { training: true }) as tf.Tensor, [8, -1, shape.classes]);
          return tf.neg<tf.Scalar>(tf.mean(tf.sum(tf.mul(tf.expandDims(labels, 1), tf.logSoftmax(logits)), -1)));
        };
        const step = (): number => {
          const { value, grads } = tf.variableGrads(loss, parameters);
          expect(Object.keys(grads)).toHaveLength(parameters.length);
          for (const variable of parameters)
            tf.tidy(() => variable.assign(tf.sub(variable, tf.mul(0.05, grads[variable.name] as tf.Tensor))));
          const number = value.dataSync()[0] as number;
          tf.dispose([value, grads]);
          return number;
        };
        const losses = Array.from({ length: 20 }, step);
        expect(losses.at(-1)).toBeLessThan((losses[0] as number) * 0.9);
        tf.dispose([x, labels]);
        model.dispose();
      });
    });
  });
}
