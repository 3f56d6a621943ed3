import type * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../contracts/network.js';
import { TemperError, unknownName } from '../errors.js';
import { formatPath } from '../kit/issues.js';
import type { StagePlan } from '../kit/stage-plan.js';

/**
 * The parameters that a stage trains: all but those of its frozen layers. A name stands for a layer (`conv1`) or a
 * variable (`conv1/kernel`), with `*` for any text.
 * @throws TemperError for a name that fits nothing, and where nothing is left to train.
 */
export function trainedParameters(network: Network, { frozen, path }: StagePlan): readonly tf.Variable[] {
  if (frozen.length === 0) return network.parameters;
  const names = network.parameters.map(({ name }, i) => network.variableNames?.[i] ?? name);
  const layerOf = (name: string): string => name.split('/')[0] as string;
  const patterns = frozen.map((name) => new RegExp(`^${name.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`));
  const matches = (pattern: RegExp, name: string): boolean => pattern.test(name) || pattern.test(layerOf(name));
  patterns.forEach((pattern, i) => {
    if (names.some((name) => matches(pattern, name))) return;
    const layers = [...new Set(names.map(layerOf))];
    throw new TemperError({ code: 'config/unknown-name', path: formatPath([...path, 'frozen', i]), message: unknownName('layer', frozen[i] as string, layers) });
  });
  const trained = network.parameters.filter((_, i) => !patterns.some((pattern) => matches(pattern, names[i] as string)));
  if (trained.length > 0) return trained;
  throw new TemperError({ code: 'config/invalid', path: formatPath([...path, 'frozen']), message: 'freezes every layer; nothing is left to train' });
}
