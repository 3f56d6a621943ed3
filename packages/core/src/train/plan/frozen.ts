import type * as tf from '@tensorflow/tfjs-core';
import type { Network, Penalty } from '../../contracts/network.js';
import { TemperError, unknownName } from '../../errors.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import { wildcard } from '../../wildcard.js';

/** The parts of a network that a stage trains. */
export interface Trained {
  readonly parameters: readonly tf.Variable[];
  /** Paths of the layers that are completely frozen. */
  readonly still: ReadonlySet<string>;
  /** Penalties on the trained weights; those on frozen weights are constants, and left out. */
  readonly penalties: readonly Penalty[];
}

/**
 * Returns the parts of a network that a stage trains: all parameters except those of its frozen layers. A name stands for a layer
 * (`conv1`), a variable (`conv1/kernel`), or a model within the network and all its layers (`backbone`), with `*` for any text.
 * @throws TemperError for a name that matches nothing, and where no parameter is left to train.
 */
export function trainedOf(network: Network, { frozen = [], path }: Pick<StagePlan, 'frozen' | 'path'>): Trained {
  const { parameters, layers = [] } = network;
  const penaltiesOn = (trained: readonly tf.Variable[]): Penalty[] =>
    (network.penalties ?? []).filter(({ variables }) => variables.some((one) => trained.includes(one)));
  if (frozen.length === 0) return { parameters, still: new Set(), penalties: penaltiesOn(parameters) };
  const patterns = frozen.map(wildcard);
  const own = parameters.map(({ name }, i) => network.variableNames?.[i] ?? name);
  const namesOf = (parameter: tf.Variable, i: number): string[] => {
    const name = own[i] as string;
    const layer = layers.find(({ variables }) => variables.includes(parameter));
    return [name, layerOf(name), ...(layer === undefined ? [] : namesWithin(layer.path))];
  };
  const isFrozen = (names: readonly string[]): boolean => patterns.some((fits) => names.some((name) => fits(name)));
  const known = [...parameters.map(namesOf), ...layers.map(({ path: layer }) => namesWithin(layer))];
  patterns.forEach((fits, i) => {
    if (known.some((names) => names.some((name) => fits(name)))) return;
    const places = [...new Set([...own.map(layerOf), ...layers.flatMap(({ path: layer }) => namesWithin(layer))])];
    throw new TemperError({
      code: 'config/unknown-name',
      path: [...path, 'frozen', i],
      message: unknownName('layer', frozen[i] as string, places),
    });
  });
  const trained = parameters.filter((parameter, i) => !isFrozen(namesOf(parameter, i)));
  if (trained.length === 0)
    throw new TemperError({
      code: 'config/invalid',
      path: [...path, 'frozen'],
      message: 'freezes every layer, so that nothing can be trained',
    });
  const isTrained = (variable: tf.Variable): boolean => trained.includes(variable);
  const isStill = ({ path: layer, variables }: NonNullable<Network['layers']>[number]): boolean =>
    isFrozen(namesWithin(layer)) || (variables.some((variable) => parameters.includes(variable)) && !variables.some(isTrained));
  return {
    parameters: trained,
    still: new Set(layers.filter(isStill).map(({ path: layer }) => layer)),
    penalties: penaltiesOn(trained),
  };
}

const layerOf = (name: string): string => name.split('/')[0] as string;

/**
 * Returns the names that match `backbone/block/bn`: itself, its layer `bn`, and the models that contain it: `backbone`, `backbone/block`,
 * `block`.
 */
function namesWithin(path: string): string[] {
  const parts = path.split('/');
  return [...parts, ...parts.map((_, i) => parts.slice(0, i + 1).join('/'))];
}
