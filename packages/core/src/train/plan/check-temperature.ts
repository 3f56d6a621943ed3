import type { Scalars, Schedule, TemperatureSchedule } from '../../contracts/schedule.js';
import { TemperError } from '../../errors.js';
import type { Json } from '../../json.js';
import { asPath, type Path } from '../../path.js';
import { configOf } from '../../kit/tagged.js';
import type { Progress } from '../../progress.js';
import { named } from '../../kit/blame.js';
import { asTemperature, stateOf } from '../step/strategies.js';
import { knotsOf } from './knots.js';

/** The config of a temperature, by which the option at fault is found. */
export interface TemperatureSource {
  readonly config: Json;
  /** Builds the temperature of a config. */
  build(config: Json): Schedule | TemperatureSchedule;
}

/**
 * The number of updates that are checked over all stages of a run. Each stage gets its share: evenly spread updates, those at both ends,
 * and those where built-in schedules bend or jump.
 */
const lookedAt = 200_000;
const fewestOfStage = 100;

/**
 * Refuses a temperature that is not a finite number above 0 at every update, before training begins. A policy with
 * a graph side keeps its temperatures positive itself; of it the host side is looked at, and has to be finite.
 * @param span The stage's length and, for `global` schedules, where it begins in the run.
 * @param path Where the temperature stands in the config.
 * @param source With it the error names the option at fault, for instance `temperature.of[1].from`.
 * @param stages How many stages the run has: they share the number of updates that are looked at.
 * @throws TemperError `config/invalid`, with the step and the value.
 * @example checkTemperature(linear({ from: 20, to: -3 }), { total: 100 }, 'temperature')
 * // throws: temperature: must be a finite number above 0 at every update, got -3 at step 99 of 100
 */
export function checkTemperature(
  given: Schedule | TemperatureSchedule,
  span: Omit<Progress, 'step'>,
  path: Path | string,
  source?: TemperatureSource,
  stages = 1,
): void {
  const temperature = asTemperature(given);
  const place = asPath(path);
  const { first, worst } = named(place, () => {
    let first: Finding | undefined;
    let worst: Finding | undefined;
    const most = Math.max(fewestOfStage, Math.floor(lookedAt / stages));
    const config = source?.config ?? configOf(given);
    const knots = span.total <= most || config === undefined ? [] : knotsOf(config, span);
    const counted = sameCount(temperature);
    for (const step of both(knots, steps(span.total, most))) {
      const at = progressAt(span, step);
      const scalars = temperature.scalars(at, stateOf(temperature));
      counted(scalars, at);
      const finding = findingAt(temperature, at, scalars);
      if (finding === undefined) continue;
      if (first === undefined || finding.step < first.step) first = finding;
      // The lowest value is at the end of a curve, so most likely a number that the user has written.
      if (worst === undefined || finding.value < worst.value) worst = finding;
    }
    return { first, worst };
  });
  if (first === undefined || worst === undefined) return;
  const option = source === undefined ? undefined : optionAtFault(source, worst, span);
  const where = `${first.name === 'value' ? 'The temperature' : `Its number "${first.name}"`} is ${first.value} at step ${first.step}`;
  if (option === undefined) {
    const allowed = `a finite number${worst.positive ? ' above 0' : ''}`;
    throw new TemperError({
      code: 'config/invalid',
      path: worst.name === 'value' ? place : [...place, worst.name],
      message: `must be ${allowed} at every update, got ${worst.value} at step ${worst.step} of ${span.total}`,
      hint: `${first.step === worst.step ? '' : `${where} for the first time. `}Preview the schedule to see all its values.`,
    });
  }
  throw new TemperError({
    code: 'config/invalid',
    path: [...place, ...option],
    message: `must be a finite number above 0, got ${worst.value}`,
    hint: `${where} of ${span.total}, and a softmax divides by it.`,
  });
}

interface Finding {
  readonly step: number;
  readonly name: string;
  readonly value: number;
  readonly positive: boolean;
}

/**
 * Returns the first number of the host side at a step that no update can use: not finite in float32, or a temperature that is not above
 * 0.
 */
function findingAt(
  temperature: TemperatureSchedule,
  at: Progress,
  scalars = temperature.scalars(at, stateOf(temperature)),
): Finding | undefined {
  for (const name of Object.keys(scalars)) {
    const value = scalars[name] as number;
    const positive = name === 'value' && temperature.temperature === undefined;
    const inGraph = Math.fround(value);
    if (!Number.isFinite(inGraph) || (positive && inGraph <= 0)) return { step: at.step, name, value, positive };
  }
  return undefined;
}

/** Refuses a temperature whose number of values changes, for instance a list with one number for each class. */
function sameCount({ graphKey }: TemperatureSchedule): (scalars: Scalars, at: Progress) => void {
  let first: { readonly count: number; readonly step: number } | undefined;
  return (scalars, { step }) => {
    if (graphKey !== undefined) return;
    const count = Object.keys(scalars).length;
    first ??= { count, step };
    if (first.count === count) return;
    throw new TemperError({
      code: 'plugin/invalid',
      message: `must give the same numbers at every update, got ${first.count} at step ${first.step} and ${count} at step ${step}`,
      hint: 'Give one number for each class at every update.',
    });
  };
}

function* both(...lists: readonly Iterable<number>[]): Generator<number> {
  for (const list of lists) yield* list;
}

function* steps(total: number, most: number): Generator<number> {
  const atEachEnd = Math.ceil(most / 100);
  if (total <= most) {
    for (let step = 0; step < total; step++) yield step;
    return;
  }
  for (let step = 0; step < atEachEnd; step++) yield step;
  for (let i = 1; i < most; i++) yield Math.floor((i / most) * (total - 1));
  for (let step = total - atEachEnd; step < total; step++) yield step;
}

function progressAt({ run, ...span }: Omit<Progress, 'step'>, step: number): Progress {
  return { ...span, step, ...(run === undefined ? {} : { run: { ...run, step: run.step + step } }) };
}

/**
 * Returns the path of a number in the config that equals the bad value and whose replacement by 1 removes it: curves give their ends
 * exactly.
 */
function optionAtFault(
  { config, build }: TemperatureSource,
  { value, step }: Finding,
  span: Omit<Progress, 'step'>,
): readonly PropertyKey[] | undefined {
  return placesOf(config, value).find((place) => {
    try {
      const changed = asTemperature(build(replace(config, place, 1)));
      return findingAt(changed, progressAt(span, step)) === undefined;
    } catch {
      return false; // With 1 in its place the config is refused: this number has another meaning.
    }
  });
}

function placesOf(config: Json, value: number, path: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  if (config === value) return [path];
  if (typeof config !== 'object' || config === null) return [];
  const entries: readonly (readonly [PropertyKey, Json])[] = Array.isArray(config)
    ? (config as readonly Json[]).map((item, i) => [i, item] as const)
    : Object.entries(config);
  return entries.flatMap(([key, item]) => placesOf(item, value, [...path, key]));
}

function replace(config: Json, [key, ...rest]: readonly PropertyKey[], value: number): Json {
  if (key === undefined) return value;
  if (Array.isArray(config)) return (config as readonly Json[]).map((item, i) => (i === key ? replace(item, rest, value) : item));
  const fields = config as Readonly<Record<string, Json>>;
  return { ...fields, [key]: replace(fields[key as string] as Json, rest, value) };
}
