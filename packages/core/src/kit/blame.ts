import { TemperError } from '../errors.js';
import type { Json } from '../json.js';
import { reasonOf } from '../reason.js';
import { formatPath } from './issues.js';
import type { StagePlan } from './stage-plan.js';

/** Runs a strategy's code; what it throws names the strategy, so that a run never ends with an error from nowhere. */
export function named<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw blame(path, error);
  }
}

/** The error with the strategy's place in the run before its own path. */
export function blame(path: string, error: unknown): TemperError {
  if (error instanceof TemperError) {
    const own = error.path;
    if (own !== undefined && own.startsWith(path)) return error;
    return new TemperError({ ...error.details, path: own === undefined || own === '' ? path : `${path}.${own}`, cause: error });
  }
  return new TemperError({
    code: 'plugin/invalid',
    fault: 'run',
    path,
    message: `failed during training: ${reasonOf(error)}`,
    hint: 'This is code of the plug-in that stands at this place of the config.',
    cause: error,
  });
}

/** An error of a stage at the place where the config says what it is of, which for a step is just `weighting` or `losses`, with its name. */
export function placed(error: unknown, plan: StagePlan): unknown {
  if (!(error instanceof TemperError) || error.path === undefined) return error;
  const { path, details } = error;
  for (const part of ['losses', 'weighting', 'temperature', 'optimizer'] as const) {
    const place = formatPath(plan[part].path);
    const found = [part, place].find((one) => path === one || path.startsWith(`${one}.`));
    if (found === undefined) continue;
    const rest = path.slice(found.length);
    const type = typeOf(part === 'losses' ? plan.losses.config[rest.split('.')[1] ?? ''] : plan[part].config);
    const name = type === undefined || details.code !== 'plugin/invalid' ? '' : `"${type}" `;
    return new TemperError({ ...details, message: `${name}${details.message}`, path: place + rest, cause: error });
  }
  return error;
}

const typeOf = (config: Json | undefined): string | undefined => {
  const type = typeof config === 'object' && config !== null && 'type' in config ? config.type : undefined;
  return typeof type === 'string' ? type : undefined;
};
