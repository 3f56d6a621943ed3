import fc from 'fast-check';
import { type AnyDefinition, type Json, type Progress, type Scalars, stateOf, type TemperatureSchedule, TemperError } from '@temper/core';
import { anyProgress } from './arbitraries.js';
import { numericOptions, requiredOptions } from './check-schedule-options.js';
import { demand } from './laws.js';

export type Config = Readonly<Record<string, Json>> & { readonly type: string };

/** Draws a position in a stage, short stages as often as long ones; the stage is the run or a part of it. */
export function anyPosition(): fc.Arbitrary<Progress> {
  const short = fc.integer({ min: 1, max: 12 }).chain((total) => fc.nat({ max: total - 1 }).map((step) => ({ step, total })));
  return fc.tuple(fc.oneof(anyProgress(), short), fc.nat({ max: 1000 }), fc.nat({ max: 1000 })).map(([{ step, total }, before, after]) => {
    const stepsPerEpoch = Math.ceil(total / 10);
    return position(step, total, { before, after, stepsPerEpoch });
  });
}

interface Place {
  readonly before: number;
  readonly after: number;
  readonly stepsPerEpoch: number;
}

/** Returns a frozen position, so that a change of it throws. */
function position(step: number, total: number, { before, after, stepsPerEpoch }: Place): Progress {
  return Object.freeze({
    step,
    total,
    stepsPerEpoch,
    run: Object.freeze({ step: before + step, total: before + total + after, stepsPerEpoch }),
  });
}

/** Draws the updates of a short stage in a random order. */
export const anyOrder = (): fc.Arbitrary<readonly Progress[]> =>
  fc
    .record({
      total: fc.integer({ min: 1, max: 40 }),
      stepsPerEpoch: fc.integer({ min: 1, max: 15 }),
      before: fc.nat({ max: 100 }),
      after: fc.nat({ max: 100 }),
    })
    .chain(({ total, ...place }) => {
      const all = Array.from({ length: total }, (_, step) => position(step, total, place));
      return fc.shuffledSubarray(all, { minLength: total, maxLength: total });
    });

/** Logits of student and teacher, `[samples, classes]` or `[samples, tokens, classes]`, with extreme values among them. */
export interface LogitsCase {
  readonly shape: readonly number[];
  readonly student: readonly number[];
  readonly teacher: readonly number[];
  readonly at: Progress;
  readonly other: Progress;
}

export function anyLogits(): fc.Arbitrary<LogitsCase> {
  const shape = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.option(fc.integer({ min: 1, max: 2 })), fc.integer({ min: 2, max: 5 }));
  return shape.chain(([samples, tokens, classes]) => {
    const size = samples * (tokens ?? 1) * classes;
    const usual = fc.integer({ min: -8000, max: 8000 }).map((n) => n / 1000);
    const extreme = fc.constantFrom(-1e4, -1, 0, 1e-3, 1, 1e4);
    const logits = fc.oneof(times(usual, size), times(extreme, size), fc.constant(new Array<number>(size).fill(0)));
    const dims = tokens === null ? [samples, classes] : [samples, tokens, classes];
    return fc.record({ shape: fc.constant(dims), student: logits, teacher: logits, at: anyPosition(), other: anyPosition() });
  });
}

const times = (one: fc.Arbitrary<number>, length: number): fc.Arbitrary<number[]> =>
  fc.array(one, { minLength: length, maxLength: length });

/** Draws the observations of a run after some evaluations; some of them contain NaN. */
export function anyMetrics(): fc.Arbitrary<readonly Scalars[]> {
  const share = fc.oneof({ weight: 9, arbitrary: fc.integer({ max: 1000, min: 0 }).map((n) => n / 1000) }, fc.constant(Number.NaN));
  const names = [
    'loss',
    'loss.soft',
    'loss.hard',
    'validation.accuracy',
    'validation.loss',
    'validation.nll',
    'validation.ece',
    'validation.kl',
    'validation.agreement',
  ];
  return fc.array(fc.record(Object.fromEntries(names.map((name) => [name, share]))), { maxLength: 6 });
}

/** Builds a new strategy from a config. */
export type Build = (config: unknown) => TemperatureSchedule;

/** Returns the numbers of the host side in the first state; a plain schedule has one, `value`. */
const numbersAt = (schedule: TemperatureSchedule, at: Progress): Scalars => schedule.scalars(at, stateOf(schedule));

export function valuesAreFinite(schedule: TemperatureSchedule, at: Progress): void {
  for (const [name, value] of Object.entries(numbersAt(schedule, at)))
    demand(Number.isFinite(value), `${name} must be a finite number at every update, got ${value}`);
}

export function orderHasNoInfluence(make: () => TemperatureSchedule, order: readonly Progress[]): void {
  const inTurn = make();
  const values = new Map([...order].sort((a, b) => a.step - b.step).map((at) => [at.step, numbersAt(inTurn, at)]));
  const shuffled = make();
  for (const at of order)
    same(
      numbersAt(shuffled, at),
      values.get(at.step) as Scalars,
      `step ${at.step} of ${at.total} must not depend on what was asked before`,
    );
}

export function staysPastTheEnd(schedule: TemperatureSchedule, { total, stepsPerEpoch = 1, run }: Progress): void {
  const place = { before: run === undefined ? 0 : run.step, after: 0, stepsPerEpoch };
  const last = numbersAt(schedule, position(total - 1, total, place));
  for (const past of [1, 2, total, 1e6])
    same(numbersAt(schedule, position(total - 1 + past, total, place)), last, `${past} updates past the end must keep the last value`);
}

export function endsAreExact(
  schedule: TemperatureSchedule,
  total: number,
  { start, end }: { readonly start?: number; readonly end?: number },
): void {
  const at = (step: number): number | undefined =>
    numbersAt(schedule, position(step, total, { before: 0, after: 0, stepsPerEpoch: Math.ceil(total / 10) }))['value'];
  if (start !== undefined && total > 1) demand(at(0) === start, `the first of ${total} updates must have exactly ${start}, got ${at(0)}`);
  if (end !== undefined) demand(at(total - 1) === end, `the last of ${total} updates must have exactly ${end}, got ${at(total - 1)}`);
}

export function survivesJson(build: Build, normalForm: (config: Json) => Json, config: Config, at: Progress): void {
  const text = JSON.stringify(config);
  const values = numbersAt(build(config), at);
  demand(JSON.stringify(config) === text, 'building must not change the config');
  same(numbersAt(build(JSON.parse(text)), at), values, 'a config that was written and read must give the same values');
  const normal = normalForm(config);
  demand(
    JSON.stringify(normalForm(JSON.parse(JSON.stringify(normal)) as Json)) === JSON.stringify(normal),
    'the normal form of a config must be its own normal form',
  );
  same(numbersAt(build(normal), at), values, 'a config with its defaults written out must give the same values');
}

/** A value that no option accepts: neither a number nor a text, list or known name. */
const nonsense = { 'temper-check': 'nonsense' };

export function mistakesAreNamed(build: Build, definition: AnyDefinition, config: Config): void {
  refuses(build, { ...config, 'temper-unknown': 1 }, 'temper-unknown', 'an unknown option');
  for (const name of requiredOptions(definition)) {
    const { [name]: _, ...rest } = config;
    refuses(build, rest, name, 'a missing option');
  }
  for (const name of numericOptions(definition)) {
    for (const wrong of [Number.NaN, Infinity, '4', null, nonsense])
      refuses(build, { ...config, [name]: wrong }, name, 'an option that is no number');
  }
}

function refuses(build: Build, config: unknown, name: string, what: string): void {
  try {
    build(config);
  } catch (error) {
    demand(
      error instanceof TemperError && error.message.includes(name),
      `${what} must be refused with its name "${name}" in the message, got: ${String(error)}`,
    );
    return;
  }
  demand(false, `${what} ("${name}") must be refused: ${fc.stringify(config)}`);
}

function same(got: Scalars, wanted: Scalars, rule: string): void {
  const names = [...new Set([...Object.keys(got), ...Object.keys(wanted)])];
  for (const name of names) demand(Object.is(got[name], wanted[name]), `${rule}: ${name} is ${got[name]} and ${wanted[name]}`);
}
