import * as tf from '@tensorflow/tfjs-core';
import { fc, test } from '@fast-check/vitest';
import '@tensorflow/tfjs-node';
import { input, layers, model as functional, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createRandom, TemperError, createKit, type NetworkShape } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect } from 'vitest';
import { models, registerLayers } from './index.js';
import { LayerNorm } from './layers/layer-norm.js';
import { behavesAsNetwork, built, layerNames, parameterCount, reloaded } from './testing/networks.js';
import { transformer } from './transformer.js';

const text = { inputShape: [6], classes: 5, seed: 1, name: 'student' };

function tokens({ inputShape: [length], classes }: Pick<NetworkShape, 'inputShape' | 'classes'>, size: number): tf.Tensor {
  const stream = createRandom(2).stream('tokens');
  return tf.tensor2d(
    Int32Array.from({ length: size * (length as number) }, () => stream.integer(classes)),
    [size, length as number],
    'int32',
  );
}

behavesAsNetwork(
  'transformer',
  () => transformer({ layers: 2, width: 8, heads: 2 }),
  [
    { inputShape: [6], classes: 5 },
    { inputShape: [1], classes: 3 },
  ],
  {
    inputs: tokens,
    positions: ({ inputShape }) => [...inputShape],
  },
);

describe('transformer', () => {
  test('transformer has two blocks of attention and two dense layers', () => {
    const model = built(transformer({ layers: 2, width: 8, heads: 2, vocabulary: 11 }), text);
    const norm = 2 * 8;
    const block = 2 * norm + (8 * 24 + 24) + (8 * 8 + 8) + (8 * 32 + 32) + (32 * 8 + 8);
    expect(parameterCount(model)).toBe(11 * 8 + 6 * 8 + 2 * block + norm + 8 * 5 + 5);
    expect(layerNames(model).filter((name) => /^block_\d$/.test(name))).toEqual(['block_1', 'block_2']);
    model.dispose();
  });

  const model = built(transformer({ layers: 2, width: 8, heads: 2 }), text);
  const sequence = fc.array(fc.nat(4), { minLength: 6, maxLength: 6 });
  const logitsOf = (sequence: readonly number[]): number[][] =>
    tf.tidy(() => tf.squeeze<tf.Tensor2D>(model.apply(tf.tensor2d([[...sequence]], [1, 6], 'int32')) as tf.Tensor, [0]).arraySync());
  test.prop([sequence, fc.nat(5), fc.nat(4)], { numRuns: 30 })(
    'the logits of a position do not depend on later positions',
    (input, at, other) => {
      const changed = input.with(at, other);
      expect(logitsOf(changed).slice(0, at)).toEqual(logitsOf(input).slice(0, at));
    },
  );

  test('the logits of a position depend on earlier positions and their order', () => {
    const base = logitsOf([0, 1, 2, 3, 4, 0]).at(-1);
    expect(logitsOf([0, 1, 2, 3, 4, 1]).at(-1)).not.toEqual(base);
    expect(logitsOf([4, 1, 2, 3, 4, 0]).at(-1)).not.toEqual(base);
    expect(logitsOf([1, 0, 2, 3, 4, 0]).at(-1)).not.toEqual(base);
  });

  test('a saved transformer is read by tfjs and gives the same logits to rounding', async () => {
    await expectNoLeakedTensors(async () => {
      registerLayers();
      const loaded = await reloaded(model);
      const x = tokens(text, 3);
      const [expected, got] = [model, loaded].map((one) => tf.tidy(() => Array.from((one.apply(x) as tf.Tensor).dataSync())));
      // To rounding, since tfjs's own layer normalisation takes the place of ours.
      got?.forEach((value, i) => expect(value).toBeCloseTo(expected?.[i] as number, 5));
      loaded.dispose();
      x.dispose();
    });
  });

  test('transformer is built from a config', () => {
    const made = built(createKit({ plugins: [models] }).model({ type: 'transformer', layers: 1, width: 4, heads: 1, dropout: 0.1 }), text);
    expect(layerNames(made).filter((name) => name.startsWith('dropout'))).toEqual(['dropout_0', 'dropout_1', 'dropout_2']);
    made.dispose();
  });

  test.each([
    [[28, 28], 'of shape 28×28'],
    [[], 'single numbers'],
  ])('transformer refuses samples of shape %j', (inputShape, message) => {
    const build = (): unknown => transformer()({ ...text, inputShape });
    expect(build).toThrow(TemperError);
    expect(build).toThrow(message);
  });

  test.each([
    [{ width: 10, heads: 4 }, 'transformer.heads: must divide width'],
    [{ layers: 0 }, 'transformer.layers: must be a finite number at least 1, got 0'],
    [{ vocabulary: 2.5 }, 'transformer.vocabulary: must be a whole number, got 2.5'],
  ])('transformer refuses the options %j', (options, message) => {
    expect(() => transformer(options)).toThrow(message);
  });
});

test('layer normalisation and its gradients equal those of tfjs', async () => {
  await expectNoLeakedTensors(() => {
    const valuesOf = (layer: layers.Layer): number[][] => {
      const from = input({ shape: [4, 3] });
      const one = functional({ inputs: from, outputs: layer.apply(from) as SymbolicTensor });
      const values = tf.tidy(() => {
        one.setWeights([tf.tensor1d([1, -2, 0.5]), tf.tensor1d([0.1, 0, -1])]);
        const x = tf.tensor3d(
          Array.from({ length: 24 }, (_, i) => Math.sin(3 * i)),
          [2, 4, 3],
        );
        const weigh = (y: tf.Tensor): tf.Tensor => tf.sum(tf.mul(y, tf.cos(tf.reshape(tf.range(0, 24), [2, 4, 3]))));
        return [one.apply(x) as tf.Tensor, tf.grad((values) => weigh(one.apply(values, { training: true }) as tf.Tensor))(x)].map((t) =>
          Array.from(t.dataSync()),
        );
      });
      one.dispose();
      return values;
    };
    const [got, expected] = [valuesOf(new LayerNorm({ name: 'own' })), valuesOf(layers.layerNormalization({ epsilon: 1e-5 }))];
    got.flat().forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i] as number, 4));
  });
});
