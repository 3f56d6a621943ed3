import type { Container, ServiceIdentifier } from 'inversify';
import type { DataLoader, DataSplits } from '../../contracts/data.js';
import { TemperError } from '../../errors.js';
import type { Builder } from '../../kit/builder.js';
import type { RunConfig } from '../../kit/run-config.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import { stageContainer } from '../../kit/container.js';
import { Tokens } from '../../kit/tokens.js';
import { isPromise, takeFailure } from '../../is-tensor.js';
import { reasonOf } from '../../reason.js';
import { blame } from '../../kit/blame.js';
import type { RunOptions } from '../../contracts/run.js';
import type { StageContext } from '../../contracts/stage.js';
import { checkSplits } from './check-splits.js';
import { asTemperature, asWeighting, type StageServices } from '../step/strategies.js';

/**
 * Returns the strategies of a stage from its container: those that the caller has bound there, else (for the student) those bound for
 * every stage of the run, else those of the config. Teachers in training use their config unless their stage is bound.
 * @param child The stage's container, a child of the run's.
 */
export function stageServices(kit: Builder, container: Container, child: Container, plan: StagePlan, isStudent: boolean): StageServices {
  const bind = <T>(token: ServiceIdentifier<T>, make: () => T): T => {
    if (!child.isCurrentBound(token) && !(isStudent && container.isBound(token))) child.bind(token).toDynamicValue(make);
    return child.get(token);
  };
  const { temperature, weighting, losses, optimizer, paths } = plan;
  return {
    // A bound plain function is a schedule too.
    temperature: asTemperature(
      bind(Tokens.TemperatureSchedule, () => asTemperature(kit.build('temperature', temperature, paths.temperature, child))),
    ),
    weighting: asWeighting(bind(Tokens.LossWeighting, () => asWeighting(kit.build('weighting', weighting, paths.weighting, child)))),
    losses: bind(Tokens.Losses, () =>
      Object.fromEntries(Object.entries(losses).map(([name, config]) => [name, kit.build('loss', config, [...paths.losses, name], child)])),
    ),
    optimizer: bind(Tokens.Optimizer, () => kit.build('optimizer', optimizer, paths.optimizer, child)),
  };
}

/** Lets the caller bind services of the run. */
export const bindServices = ({ services }: RunOptions, container: Container): void => binding('services', () => services?.(container));

/** Opens the container of a stage, in which the caller may bind services. */
export function openStage({ stageServices }: RunOptions, container: Container, stage: StageContext): Container {
  const child = stageContainer(container, () => stage);
  binding('stageServices', () => stageServices?.(child, stage));
  return child;
}

function binding(path: string, bind: () => unknown): void {
  try {
    const given: unknown = bind();
    if (!isPromise(given)) return;
    takeFailure(given);
    throw new TemperError({
      code: 'config/invalid',
      path,
      message: 'the function that binds services must bind them before it returns, and it returns a promise',
      hint: 'Prepare the services before the run, and bind them in a function that is not async.',
    });
  } catch (error) {
    if (error instanceof TemperError) throw error;
    throw new TemperError({
      code: 'config/invalid',
      path,
      message: `the function that binds services fails: ${reasonOf(error)}`,
      cause: error,
    });
  }
}

/** Returns the data: those given by the caller, else those that are bound, else those of the config. */
export async function resolveData(kit: Builder, container: Container, config: RunConfig, given: RunOptions['data']): Promise<DataSplits> {
  if (given !== undefined) return typeof given === 'function' ? loadSplits(given) : checkSplits(given);
  if (container.isBound(Tokens.Data)) return loadSplits(() => container.getAsync(Tokens.Data));
  if (config.data === undefined) throw missing('data', "data: { type: 'digits' }");
  return loadSplits(kit.build('data', config.data, ['data'], container));
}

/**
 * Loads and checks data.
 * @param path Path of the data in the config, for messages.
 * @throws TemperError at this path for data that the loader refuses (a file, a number in it), and for a loader that fails.
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
    hint: `Add it to the config, for instance ${example}, or pass it to run().`,
  });
