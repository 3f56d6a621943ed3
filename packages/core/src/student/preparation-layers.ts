import type { NumberPreparation } from '../preparation/prepare.js';

/** A layer of a model.json, without its connections, and its weights. */
export interface LayerJson {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly weights: readonly { readonly name: string; readonly values: Float32Array }[];
}

/**
 * Returns layers of tfjs that prepare raw inputs: `Rescaling` for a factor, `BatchNormalization` for columns. A separate layer subtracts
 * the mean, since backends compute x·a + b, which is inaccurate for a large mean; the second layer adds the rounding error of the mean in
 * float32. Empty where the preparation has no effect.
 */
export function preparationLayers(preparation: NumberPreparation, shape: readonly number[], nameOf: (part: string) => string): LayerJson[] {
  if (preparation.type === 'none') return [];
  if (preparation.type === 'scale') {
    return [
      {
        class_name: 'Rescaling',
        config: { name: nameOf('scale'), trainable: false, dtype: 'float32', scale: preparation.factor, offset: 0 },
        weights: [],
      },
    ];
  }
  const { mean, deviation } = preparation;
  const width = mean.length;
  const constant = (value: number): Float32Array => new Float32Array(width).fill(value);
  const rounded = Float32Array.from(mean);
  const rest = Float32Array.from(mean, (one, i) => ((rounded[i] as number) - one) / (deviation[i] as number));
  const layers = [
    normalization(nameOf('mean'), { gamma: constant(1), beta: constant(0), moving_mean: rounded, moving_variance: constant(1) }),
    normalization(nameOf('deviation'), {
      gamma: Float32Array.from(deviation, (one) => 1 / one),
      beta: rest,
      moving_mean: constant(0),
      moving_variance: constant(1),
    }),
  ];
  if (shape.length === 1) return layers;
  return [reshape(nameOf('flatten'), [width]), ...layers, reshape(nameOf('shape'), shape)];
}

const normalization = (name: string, weights: Readonly<Record<string, Float32Array>>): LayerJson => ({
  class_name: 'BatchNormalization',
  config: { name, trainable: false, dtype: 'float32', axis: -1, momentum: 0.99, epsilon: 0, center: true, scale: true },
  weights: Object.entries(weights).map(([part, values]) => ({ name: `${name}/${part}`, values })),
});

const reshape = (name: string, shape: readonly number[]): LayerJson => ({
  class_name: 'Reshape',
  config: { name, trainable: false, dtype: 'float32', target_shape: [...shape] },
  weights: [],
});
