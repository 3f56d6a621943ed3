import { Container, type ServiceIdentifier } from 'inversify';
import type { DataLoader, DataSplits } from '../../contracts/data.js';
import { TemperError } from '../../errors.js';
import type { Builder } from '../../kit/builder.js';
import type { RunConfig } from '../../kit/run-config.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import { Tokens } from '../../kit/tokens.js';
import { reasonOf } from '../../reason.js';
import { blame } from '../../kit/blame.js';
import type { RunOptions } from '../../contracts/run.js';
import { checkSplits } from './check-splits.js';
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
    temperature: bind(Tokens.TemperatureSchedule, () =>
      asTemperature(kit.build('temperature', temperature.config, temperature.path, child)),
    ),
    weighting: bind(Tokens.LossWeighting, () => asWeighting(kit.build('weighting', weighting.config, weighting.path, child))),
    losses: bind(Tokens.Losses, () =>
      Object.fromEntries(
        Object.entries(losses.config).map(([name, config]) => [name, kit.build('loss', config, [...losses.path, name], child)]),
      ),
    ),
    optimizer: bind(Tokens.Optimizer, () => kit.build('optimizer', optimizer.config, optimizer.path, child)),
  };
}

/** Lets the user's export function bind services. */
export function bindServices({ services }: RunOptions, container: Container): void {
  try {
    services?.(container);
  } catch (error) {
    if (error instanceof TemperError) throw error;
    throw new TemperError({
      code: 'config/invalid',
      path: 'services',
      message: `the function that binds services fails: ${reasonOf(error)}`,
      cause: error,
    });
  }
}

/** The data: what the user bound or handed over, else what the config says. */
export async function resolveData(kit: Builder, container: Container, config: RunConfig, given: RunOptions['data']): Promise<DataSplits> {
  if (container.isBound(Tokens.Data)) return loadSplits(() => container.getAsync(Tokens.Data));
  if (given !== undefined) return typeof given === 'function' ? loadSplits(given) : checkSplits(given);
  if (config.data === undefined) throw missing('data', "data: { type: 'digits' }");
  return loadSplits(kit.build('data', config.data, ['data'], container));
}

/**
 * Loads and checks data.
 * @param path Where the data are in the config, for messages.
 * @throws TemperError at this path for what the loader refuses (a file, a number in it), and where it fails.
 */
export async function loadSplits(loader: DataLoader, path: readonly PropertyKey[] = ['data']): Promise<DataSplits> {
  let splits: DataSplits;
  try {
    splits = await loader();
  } catch (error) {
    if (error instanceof TemperError) throw blame(path, error);
    throw new TemperError({
      code: 'data/invalid',
      path,
      message: `the function that loads the data fails: ${reasonOf(error)}`,
      cause: error,
    });
  }
  return checkSplits(splits, path);
}

export const missing = (path: string, example: string): TemperError =>
  new TemperError({
    code: 'config/invalid',
    path,
    message: 'is missing',
    hint: `Add it to the config, for instance ${example}, or hand it to run().`,
  });
