import { Container, type ServiceIdentifier } from 'inversify';
import type { DataLoader, DataSplits, Preparation } from '../../contracts/data.js';
import { TemperError } from '../../errors.js';
import { formatPath } from '../../kit/issues.js';
import type { Builder } from '../../kit/builder.js';
import type { RunConfig } from '../../kit/run-config.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import { Tokens } from '../../kit/tokens.js';
import { checkFacts } from '../../preparation/check-preparation.js';
import { samePreparation, showPreparation } from '../../preparation/prepare.js';
import { blame } from '../../kit/blame.js';
import type { RunOptions } from '../../contracts/run.js';
import { asTemperature, asWeighting, type StageServices } from '../step/strategies.js';

/**
 * A child of the run's container that binds what the stage's config says, save for what the user has bound: that is
 * used in every stage of the student. Teachers in training keep to their config.
 */
export function stageServices(kit: Builder, container: Container, plan: StagePlan, isStudent: boolean): StageServices {
  const child = new Container({ parent: container, defaultScope: 'Singleton' });
  const bind = <T>(token: ServiceIdentifier<T>, make: () => T): T => {
    if (!isStudent || !container.isBound(token)) child.bind(token).toDynamicValue(make);
    return child.get(token);
  };
  const { temperature, weighting, losses, optimizer } = plan;
  return {
    temperature: bind(Tokens.TemperatureSchedule, () => asTemperature(kit.build('temperature', temperature.config, temperature.path, child))),
    weighting: bind(Tokens.LossWeighting, () => asWeighting(kit.build('weighting', weighting.config, weighting.path, child))),
    losses: bind(Tokens.Losses, () =>
      Object.fromEntries(Object.entries(losses.config).map(([name, config]) => [name, kit.build('loss', config, [...losses.path, name], child)])),
    ),
    optimizer: bind(Tokens.Optimizer, () => kit.build('optimizer', optimizer.config, optimizer.path, child)),
  };
}

/** The data: what the user bound or handed over, else what the config says. */
export async function resolveData(kit: Builder, container: Container, config: RunConfig, given: RunOptions['data']): Promise<DataSplits> {
  if (container.isBound(Tokens.Data)) return checkSplits(await container.getAsync(Tokens.Data));
  if (given !== undefined) return checkSplits(typeof given === 'function' ? await given() : given);
  if (config.data === undefined) throw missing('data', "data: { type: 'digits' }");
  return checkSplits(await load(kit.build('data', config.data, ['data'], container)));
}

/** What a loader refuses (a file, a number in it) is said under the place of the data in the config. */
async function load(loader: DataLoader): Promise<DataSplits> {
  try {
    return await loader();
  } catch (error) {
    throw error instanceof TemperError ? blame('data', error) : error;
  }
}

export const missing = (path: string, example: string): TemperError =>
  new TemperError({ code: 'config/invalid', path, message: 'is missing', hint: `Add it to the config, for instance ${example}, or hand it to run().` });

/** Training, validation and test data must be there, hold something, and agree on the classes. */
export function checkSplits(splits: DataSplits): DataSplits {
  for (const name of ['train', 'validation', 'test'] as const) {
    const part = (splits as Partial<DataSplits>)[name];
    const path = formatPath(['data', name]);
    if (part === undefined) throw new TemperError({ code: 'data/invalid', path, message: 'is missing; training needs train, validation and test data' });
    if (!(part.size > 0)) throw new TemperError({ code: 'data/invalid', path, message: `must have at least one sample, got ${part.size}` });
    if (part.classes !== splits.train.classes) {
      throw new TemperError({ code: 'data/invalid', path, message: `has ${part.classes} classes, the training data ${splits.train.classes}` });
    }
    checkFacts(part, `${path}.`);
    checkPrepared(part.preparation, splits.train.preparation, path);
  }
  return splits;
}

/** Parts that are prepared in different ways would be judged by inputs that the network has never seen. */
function checkPrepared(part: Preparation | undefined, train: Preparation | undefined, path: string): void {
  if (part === train || (part !== undefined && train !== undefined && samePreparation(part, train))) return;
  const show = (one: Preparation | undefined): string => (one === undefined ? 'not stated' : showPreparation(one));
  throw new TemperError({
    code: 'data/invalid',
    path: `${path}.preparation`,
    message: `is ${show(part)}, that of the training data ${show(train)}`,
    hint: 'Prepare all parts in the same way, by what the training data say.',
  });
}
