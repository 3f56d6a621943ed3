import { tf } from '#libraries';
import type { layers } from '@tensorflow/tfjs-layers';

type Layer = layers.Layer;
interface Weight {
  read(): tf.Tensor;
}

/** The parts of tfjs's layer that its `call` reads. */
interface BatchNormalization extends Layer {
  axis: number;
  gamma?: Weight | undefined;
  beta?: Weight | undefined;
  readonly movingMean: Weight;
}

/**
 * Returns a call for a batch normalization that tfjs 4.22 cannot train: without `scale` or `center` it reads a weight that does not exist,
 * and its gradient over another axis than the last has the wrong shape. Undefined for every other layer.
 */
export function normalizingCall(layer: Layer): Layer['call'] | undefined {
  if (!isBatchNormalization(layer)) return undefined;
  const rank = layer.inputSpec[0]?.ndim ?? 0;
  const axis = layer.axis < 0 ? layer.axis + rank : layer.axis;
  const { gamma, beta } = layer;
  if (gamma !== undefined && beta !== undefined && axis === rank - 1) return undefined;
  const call = layer.call.bind(layer);
  return (inputs, more) =>
    tf.tidy(() => {
      const [x] = [inputs].flat() as [tf.Tensor];
      const isLast = axis === rank - 1;
      const others = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis);
      const last = [...others, axis];
      const { shape } = layer.movingMean.read();
      const given = layer.axis;
      Object.assign(layer, { axis: -1, gamma: gamma ?? { read: () => tf.ones(shape) }, beta: beta ?? { read: () => tf.zeros(shape) } });
      try {
        const normalized = call(isLast ? x : tf.transpose(x, last), more) as tf.Tensor;
        if (isLast) return normalized;
        return tf.transpose(
          normalized,
          last.map((_, i) => last.indexOf(i)),
        );
      } finally {
        Object.assign(layer, { axis: given, gamma, beta });
      }
    });
}

const isBatchNormalization = (layer: Layer): layer is BatchNormalization =>
  layer.getClassName() === 'BatchNormalization' && 'axis' in layer && 'movingMean' in layer;
