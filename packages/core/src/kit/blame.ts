import { TemperError } from '../errors.js';
import type { Json } from '../json.js';
import { asPath, isWithin, type Path } from '../path.js';
import { reasonOf } from '../reason.js';
import type { StagePlan } from './stage-plan.js';

/** Runs code of a strategy and adds the path of the strategy to its errors. */
export function named<T>(path: Path, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw blame(path, error);
  }
}

/** Runs code of a nested strategy and puts its place in front of the paths of its errors; other errors pass. */
export function underPath<T>(path: Path | string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof TemperError ? within(asPath(path), error) : error;
  }
}

/** Returns the error with the path of the strategy in front of its own path. */
export function blame(path: Path, error: unknown): TemperError {
  if (error instanceof TemperError) return isWithin(error.path, path) ? error : within(path, error);
  return new TemperError({
    code: 'plugin/invalid',
    fault: 'run',
    path,
    message: `failed during training: ${reasonOf(error)}`,
    hint: 'The error comes from the code of the plug-in at this path of the config.',
    cause: error,
  });
}

/** Returns an error of a strategy with the strategy's path in front. */
const within = (path: Path, error: TemperError): TemperError =>
  new TemperError({
    ...error.details,
    path: [...path, ...error.path],
    ...(error.details.issues && { issues: error.details.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })) }),
    cause: error,
  });

/**
 * Rewrites the path of a run-time error (`losses.soft`) to its path in the config (`stages[1].losses.soft`), and adds the type of the
 * strategy.
 */
export function placed(error: unknown, plan: StagePlan): unknown {
  if (!(error instanceof TemperError)) return error;
  const { path, details } = error;
  for (const part of ['losses', 'weighting', 'temperature', 'optimizer'] as const) {
    const place = plan.paths[part];
    const found = [[part], place].find((one) => isWithin(path, one));
    if (found === undefined) continue;
    const rest = path.slice(found.length);
    const type = typeOf(part === 'losses' ? plan.losses[String(rest[0] ?? '')] : plan[part]);
    const name = type === undefined || details.code !== 'plugin/invalid' ? '' : `"${type}" `;
    return new TemperError({ ...details, message: `${name}${details.message}`, path: [...place, ...rest], cause: error });
  }
  return error;
}

const typeOf = (config: Json | undefined): string | undefined => {
  const type = typeof config === 'object' && config !== null && 'type' in config ? config.type : undefined;
  return typeof type === 'string' ? type : undefined;
};
