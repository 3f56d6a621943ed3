import { isObject, unreadable, type Config } from './shapes.js';

/** The name and the options of a layer in tfjs. */
export interface Converted {
  readonly className: string;
  readonly config: Config;
}

type Change = (config: Config, place: string) => Converted | Config;

/** Layers whose options, or whose name, differ between Keras 3 and tfjs. */
const changes: Readonly<Record<string, Change>> = {
  InputLayer: ({ batch_shape: shape, batch_input_shape: old = shape, optional: _, ragged: __, ...config }) => ({
    ...config,
    batch_input_shape: old,
  }),
  Identity: ({ name, trainable }) => ({ className: 'Activation', config: { name, trainable, activation: 'linear' } }),
  ReLU({ negative_slope: slope, threshold, ...config }, place) {
    if (Number(threshold ?? 0) !== 0) throw unreadable(place, 'is a ReLU with a threshold, which TensorFlow.js does not have');
    if (Number(slope ?? 0) === 0) return config;
    if (config['max_value'] != null)
      throw unreadable(place, 'is a ReLU with a slope and a largest value, which TensorFlow.js does not have');
    return { className: 'LeakyReLU', config: { ...config, alpha: slope } };
  },
  LeakyReLU: ({ negative_slope: slope, alpha = slope, ...config }) => ({ ...config, alpha }),
  LayerNormalization(config, place) {
    if (config['rms_scaling'] === true) throw unreadable(place, 'scales by the root mean square, which TensorFlow.js does not have');
    return config;
  },
  // tfjs creates this bias from tensors that it does not dispose; the saved weights replace it.
  LSTM: (config) => ({ ...config, unit_forget_bias: false }),
  GRU(config, place) {
    if (config['reset_after'] === true) throw unreadable(place, 'is a GRU with reset_after, which TensorFlow.js does not have');
    return config;
  },
};

/** Converts the options of a layer without inner layers. */
export function layerConfig(className: string, given: Config, place: string): Converted {
  refuse(given, place);
  const config = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, option(key, value, place)]));
  const changed = changes[className]?.(config, place) ?? config;
  return 'className' in changed ? (changed as Converted) : { className, config: changed };
}

function refuse({ groups, keepdims, data_format: format }: Config, place: string): void {
  if (Number(groups ?? 1) !== 1) throw unreadable(place, `is a convolution in ${String(groups)} groups, which TensorFlow.js does not have`);
  if (keepdims === true) throw unreadable(place, 'keeps the pooled dimensions (keepdims), which TensorFlow.js does not');
  if (format === 'channels_first') throw unreadable(place, 'takes channels first, which TensorFlow.js does not train or run');
}

function option(key: string, value: unknown, place: string): unknown {
  if (key === 'dtype') return dtypeOf(value);
  // The saved weights replace all initial values, and zeros are created fastest.
  if (key.endsWith('_initializer')) return 'zeros';
  if (key.endsWith('_regularizer')) return regularizer(value);
  if (key.endsWith('activation')) return activation(value, place);
  return value;
}

/** Returns the type in which a layer computes; tfjs has no half precision. */
function dtypeOf(value: unknown): unknown {
  const name = isObject(value) && isObject(value['config']) ? value['config']['name'] : value;
  return typeof name === 'string' && /float/.test(name) ? 'float32' : name;
}

function regularizer(value: unknown): unknown {
  if (!isObject(value) || !isObject(value['config'])) return value;
  const { l1 = 0, l2 = 0 } = value['config'];
  return ['L1', 'L2', 'L1L2'].includes(String(value['class_name'])) ? { class_name: 'L1L2', config: { l1, l2 } } : value;
}

const renamed: Readonly<Record<string, string>> = { silu: 'swish' };
/** Activations whose formulas differ from those of the same names in tfjs. */
const different = new Set(['hard_sigmoid']);

function activation(value: unknown, place: string): unknown {
  const name = isObject(value) ? value['config'] : value;
  if (typeof name !== 'string') {
    if (name == null) return 'linear';
    throw unreadable(place, `has the activation ${String((value as Config)['class_name'])} with options of its own`);
  }
  if (different.has(name)) throw unreadable(place, `has the activation "${name}", whose formula differs in TensorFlow.js`);
  return renamed[name] ?? name;
}
