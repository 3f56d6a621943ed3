import { TemperError } from '@temper/core';

/** Options of a layer or model in a model.json. */
export type Config = Record<string, unknown>;

/** A layer in a model.json. */
export interface LayerJson {
  class_name: string;
  config: Config;
  name?: string;
  inbound_nodes?: unknown;
  readonly build_config?: { readonly input_shape?: unknown };
}

export const isObject = (value: unknown): value is Config => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns whether a layer contains layers: a Sequential or functional model. */
export const isContainer = ({ config }: LayerJson): boolean => Array.isArray(config['layers']);

/** Returns the error for a layer that is not supported, with its place in the model: `base/attention`. */
export const unreadable = (place: string, problem: string): TemperError =>
  new TemperError({
    code: 'model/invalid',
    message: `the layer "${place}" ${problem}`,
    hint:
      'In Python, model.export("folder") writes the model as a SavedModel, which the native backend runs as it is: give ' +
      'that folder as teacher.from.',
  });
