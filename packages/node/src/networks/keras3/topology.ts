import { serialization } from '@tensorflow/tfjs-core';
import { ends, inboundNodes } from './inbound-nodes.js';
import { layerConfig } from './layer-config.js';
import { isContainer, isObject, unreadable, type Config, type LayerJson } from './shapes.js';

/** Returns whether a topology is in the form of Keras 3, by properties that only this form has. */
export const isKeras3 = (topology: object): boolean =>
  /"(batch_shape|DTypePolicy|__keras_tensor__|registered_name)"/.test(JSON.stringify(topology));

/** Returns the model in a topology written by Keras, with or without its wrapper. */
export const rootOf = (topology: object): LayerJson => ('model_config' in topology ? topology.model_config : topology) as LayerJson;

/**
 * Converts a topology of Keras 3 to the form of Keras 2, which tfjs reads: shapes of inputs, types, connections, activations and
 * regularizers. Initializers become zeros, since weights are loaded.
 * @throws TemperError `model/invalid` for the first layer that tfjs lacks, with its place in the model.
 */
export function fromKeras3(root: LayerJson): LayerJson {
  return { ...container(root, []), name: String(root.config['name']) };
}

function layer(given: LayerJson, parents: readonly string[], models: ReadonlySet<string>): LayerJson {
  const place = [...parents, String(given.config['name'] ?? given.name)].join('/');
  const nodes = given.inbound_nodes === undefined ? {} : { inbound_nodes: inboundNodes(given.inbound_nodes, place, models) };
  const name = given.name === undefined ? {} : { name: given.name };
  if (isContainer(given)) return { ...container(given, [...parents, String(given.config['name'])]), ...name, ...nodes };
  const { className, config } = layerConfig(given.class_name, inner(given.config, place), place);
  checkKnown(className, place);
  for (const key of Object.keys(config)) if (key.endsWith('activation')) checkActivation(config[key], place);
  return { class_name: className, config, ...name, ...nodes };
}

/** Converts the layers inside of a wrapper. */
function inner(config: Config, place: string): Config {
  const wrapped = ['layer', 'backward_layer'].filter((key) => isObject(config[key]));
  return { ...config, ...Object.fromEntries(wrapped.map((key) => [key, layer(config[key] as unknown as LayerJson, [place], new Set())])) };
}

function container({ class_name: className, config, build_config: build }: LayerJson, parents: readonly string[]): LayerJson {
  const { name, trainable, layers, build_input_shape: shape = build?.input_shape, input_layers: inputs, output_layers: outputs } = config;
  const models = new Set((layers as LayerJson[]).filter(isContainer).map((one) => String(one.config['name'])));
  const converted = (layers as LayerJson[]).map((one) => layer(one, parents, models));
  const own = { name, ...(trainable === undefined ? {} : { trainable }) };
  if (className !== 'Sequential') {
    return {
      class_name: 'Functional',
      config: { ...own, layers: converted, input_layers: ends(inputs, models), output_layers: ends(outputs, models) },
    };
  }
  const first = converted[0]?.class_name === 'InputLayer' || !Array.isArray(shape) ? [] : [inputOf(shape, String(name))];
  return { class_name: 'Sequential', config: { ...own, layers: [...first, ...converted] } };
}

/** Returns the input of a model that was built when it was first called. */
const inputOf = (shape: readonly unknown[], name: string): LayerJson => ({
  class_name: 'InputLayer',
  config: { batch_input_shape: [null, ...shape.slice(1)], dtype: 'float32', sparse: false, name: `${name}_input` },
});

const known = (): object => serialization.SerializationMap.getMap().classNameMap;

function checkKnown(className: string, place: string): void {
  if (className in known()) return;
  throw unreadable(place, `is a ${className}, which TensorFlow.js does not have`);
}

function checkActivation(activation: unknown, place: string): void {
  const name = String(activation).replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (!(name in known())) throw unreadable(place, `has the activation "${String(activation)}", which TensorFlow.js does not have`);
}
