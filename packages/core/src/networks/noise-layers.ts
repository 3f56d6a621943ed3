import { tf } from '#libraries';
import type { layers } from '@tensorflow/tfjs-layers';
import { uniformNoise } from '../noise/uniform-noise.js';

type Layer = layers.Layer;

/** The options of the noise layers of tfjs. */
interface Options {
  readonly rate?: number;
  readonly stddev?: number;
}

/** Returns uniform noise of a shape; different noise at each call. */
type Noise = (shape: readonly number[]) => tf.Tensor;

interface LayerOfNoise {
  readonly option: keyof Options;
  /** The formula of the tfjs layer of this name. */
  readonly apply: (x: tf.Tensor, amount: number, uniform: Noise, shape: readonly number[]) => tf.Tensor;
}

/** Keeps a share 1 − rate of the values, and scales them by 1 / (1 − rate). */
const dropped: LayerOfNoise['apply'] = (x, rate, uniform, shape) => tf.mul(x, tf.mul(kept(uniform(shape), rate), 1 / (1 - rate)));

const kept = (noise: tf.Tensor, rate: number): tf.Tensor => tf.cast(tf.greaterEqual(noise, rate), 'float32');

/** Returns standard normal noise by the Box–Muller method: √(−2 ln u)·cos 2πv. */
const normal = (uniform: Noise, shape: readonly number[]): tf.Tensor => {
  const radius = tf.sqrt(tf.mul(tf.log(tf.sub(1, uniform(shape))), -2));
  return tf.mul(radius, tf.cos(tf.mul(uniform(shape), 2 * Math.PI)));
};

/** The value that dropped units take, so that SELU networks keep mean 0 and variance 1 (Klambauer et al., 2017). */
const alphaPrime = -1.6732632423543772 * 1.0507009873554805;

const alphaDropped: LayerOfNoise['apply'] = (x, rate, uniform, shape) => {
  const keep = kept(uniform(shape), rate);
  const a = ((1 - rate) * (1 + rate * alphaPrime ** 2)) ** -0.5;
  return tf.add(tf.mul(tf.add(tf.mul(x, keep), tf.mul(tf.sub(1, keep), alphaPrime)), a), -a * alphaPrime * rate);
};

const layersOfNoise: Readonly<Record<string, LayerOfNoise>> = {
  Dropout: { option: 'rate', apply: dropped },
  SpatialDropout1D: { option: 'rate', apply: dropped },
  GaussianNoise: { option: 'stddev', apply: (x, stddev, uniform, shape) => tf.add(x, tf.mul(normal(uniform, shape), stddev)) },
  GaussianDropout: {
    option: 'rate',
    apply: (x, rate, uniform, shape) => tf.mul(x, tf.add(1, tf.mul(normal(uniform, shape), Math.sqrt(rate / (1 - rate))))),
  },
  AlphaDropout: { option: 'rate', apply: alphaDropped },
};

/** The first noise index of these layers. Other layers of a network may draw noise of the same seed with small indices. */
const first = 32_768;
/** A recurrent cell draws up to eight masks. */
const perLayer = 16;

/**
 * Returns a call for a noise layer of tfjs, or for a recurrent cell with dropout, whose noise depends on the seed of the update. tfjs
 * draws on the host: a recorded update would repeat these numbers, and a resumed run would draw others. Undefined for every other layer.
 * @param position of the layer in its network, so that two layers get different noise.
 */
export function noisyCall(layer: Layer, position: number, seed: tf.Tensor1D): Layer['call'] | undefined {
  let draws = 0;
  const uniform: Noise = (shape) => uniformNoise(shape, seed, first + ((perLayer * position + (draws++ % perLayer)) % first));
  if (isNoisyCell(layer)) return cellCall(layer, uniform);
  const kind = layersOfNoise[layer.getClassName()];
  // A layer of another library may have the same name and other fields.
  const amount = kind === undefined ? undefined : (layer as Options)[kind.option];
  if (kind === undefined || typeof amount !== 'number' || amount <= 0 || (kind.option === 'rate' && amount >= 1)) return undefined;
  return (inputs, more) => {
    const [x] = [inputs].flat() as [tf.Tensor];
    if ((more as { training?: boolean }).training !== true) return x;
    return tf.tidy(() => kind.apply(x, amount, uniform, noiseShape(layer, x)));
  };
}

/** Returns the shape of the noise, where one number may apply to several values: a whole channel is dropped together. */
function noiseShape(layer: Layer, x: tf.Tensor): readonly number[] {
  const { getNoiseShape, noiseShape: given } = layer as { getNoiseShape?: (x: tf.Tensor) => number[] | null; noiseShape?: number[] | null };
  return (getNoiseShape === undefined ? given : getNoiseShape.call(layer, x)) ?? x.shape;
}

/** A cell of a recurrent layer, which draws its masks with `dropoutFunc` where it is given. */
interface Cell extends Layer {
  readonly dropout: number;
  readonly recurrentDropout: number;
  dropoutFunc: ((x: tf.Tensor, rate: number) => tf.Tensor) | null | undefined;
}

const isNoisyCell = (layer: Layer): layer is Cell =>
  'dropoutFunc' in layer && (layer as Cell).dropoutFunc == null && ((layer as Cell).dropout > 0 || (layer as Cell).recurrentDropout > 0);

function cellCall(cell: Cell, uniform: Noise): Layer['call'] {
  const call = cell.call.bind(cell);
  return (inputs, more) => {
    const own = cell.dropoutFunc;
    cell.dropoutFunc = (x, rate) => dropped(x, rate, uniform, x.shape);
    try {
      return call(inputs, more);
    } finally {
      cell.dropoutFunc = own;
    }
  };
}
