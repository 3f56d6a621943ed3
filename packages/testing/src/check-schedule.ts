import fc from 'fast-check';
import { z } from 'zod';
import {
  type AnyDefinition,
  asTemperature,
  createKit,
  defineSchedule,
  type Json,
  type Kit,
  type Plugin,
  progressOf,
  type TemperatureSchedule,
  TemperError,
} from '@temper/core';
import { graphSideKeepsTheLaws, stateKeepsTheLaws } from './check-schedule-graph.js';
import * as laws from './check-schedule-laws.js';
import { anyOptions } from './check-schedule-options.js';
import { demand } from './laws.js';

type Options = Readonly<Record<string, Json>>;

/** Options of `checkSchedule`. */
export interface ScheduleCheckOptions {
  /** Options as in a config. Default: drawn from the definition's zod schema. */
  readonly examples?: readonly Options[];
  /**
   * Returns the exact values at the first and the last update, for options that state them. Default: the options `from` and `to`, where
   * both are numbers. False where these have another meaning.
   */
  readonly ends?: false | ((options: Options) => { readonly start?: number; readonly end?: number });
  /** Plug-ins that its options refer to. */
  readonly plugins?: readonly (Plugin | AnyDefinition)[];
  /** The number of cases for each law. Default 100. */
  readonly runs?: number;
}

/**
 * Checks that a schedule or an adaptive temperature keeps the laws that a run relies on, over options made from its own
 * zod schema (or over examples) and progress of 1 to 1e9 updates:
 * every number is finite; the same progress gives the same value, whatever was asked before; past the end it stays; both
 * ends are exact; the config survives JSON, and what is built from it again gives the same values; unknown, missing and
 * wrong options are refused by name. Of an adaptive temperature also: its graph side gives temperatures that are finite, above 0 and
 * of the right shape for logits up to ±1e4, with finite gradients, from its inputs alone and without reading tensors back; its state is
 * JSON, and `observe` changes nothing but its result; no tensor is left behind.
 *
 * Independent of any test runner.
 * @throws Error with fast-check's report: the law, and the smallest counterexample with the seed that repeats it.
 * @example test('laws', () => checkSchedule(halving));
 */
export function checkSchedule(definition: AnyDefinition, check: ScheduleCheckOptions = {}): void {
  const { plugins = [], runs = 100 } = check;
  const name = `${definition.kind} "${definition.type}"`;
  demand(
    definition.kind === 'schedule' || definition.kind === 'temperature',
    `${name} is not a schedule: defineSchedule and defineTemperature make them`,
  );
  demand(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(definition.type), `${name}: its type must be lower-case words joined by hyphens`);
  const kit = createKit({ plugins: [definition, sample, ...plugins] }) as unknown as Kit;
  const container = kit.container({});
  const build = (config: unknown): TemperatureSchedule => asTemperature(kit.build('temperature', config, ['temperature'], container));
  const normalForm = (config: Json): Json => kit.parse({ temperature: config }).temperature as Json;
  const configs = anyConfig(build, definition, check.examples);
  const law = <T>(cases: fc.Arbitrary<T>, holds: (config: laws.Config, one: T) => void, numRuns = runs): void =>
    fc.assert(fc.property(configs, cases, holds), { numRuns, includeErrorInReport: true });

  law(laws.anyPosition(), (config, at) => laws.valuesAreFinite(build(config), at));
  law(laws.anyOrder(), (config, order) => laws.orderHasNoInfluence(() => build(config), order));
  law(fc.integer({ min: 1, max: 1e9 }), (config, total) => laws.endsAreExact(build(config), total, endsOf(config, check.ends)));
  law(laws.anyPosition(), (config, at) => laws.staysPastTheEnd(build(config), at));
  law(laws.anyPosition(), (config, at) => laws.survivesJson(build, normalForm, config, at));
  // One config is as good as another here, and every mistake is tried on each.
  law(fc.constant(undefined), (config) => laws.mistakesAreNamed(build, definition, config), Math.min(runs, 10));
  law(laws.anyLogits(), (config, logits) => graphSideKeepsTheLaws(build(config), logits));
  law(laws.anyMetrics(), (config, seen) => stateKeepsTheLaws(build(config), seen));
}

/** The nested schedule where a definition accepts some. */
const sample = defineSchedule({
  type: 'check-sample',
  options: z.strictObject({ from: z.number(), to: z.number() }),
  create:
    ({ from, to }) =>
    (at) => {
      const p = progressOf(at);
      return p === 1 ? to : from + (to - from) * p;
    },
});

const nestedValue = fc.oneof(
  fc.integer({ min: 1, max: 1000 }).map((n) => n / 1000),
  fc.integer({ min: 1, max: 200 }).map((n) => n / 10),
);
const nested: fc.Arbitrary<Json> = fc.oneof(
  nestedValue,
  fc.record({ type: fc.constant(sample.type), from: nestedValue, to: nestedValue }, { noNullPrototype: true }),
);

/** Draws configs that the definition accepts. */
function anyConfig(build: laws.Build, definition: AnyDefinition, examples: readonly Options[] | undefined): fc.Arbitrary<laws.Config> {
  const named = (options: Options): laws.Config => ({ type: definition.type, ...options });
  if (examples !== undefined) return fc.constantFrom(...examples.map(named));
  const guessed = anyOptions(definition, nested).map(named);
  const tried = fc.sample(guessed, { numRuns: 500, seed: 1 });
  demand(
    tried.filter((config) => isAccepted(build, config)).length >= 5,
    `${definition.kind} "${definition.type}" refuses nearly all options that its schema suggests: give examples, { examples: [{ … }] }`,
  );
  return guessed.filter((config) => isAccepted(build, config));
}

/** Returns whether options are accepted: a definition may refuse options, but not fail in another way. */
function isAccepted(build: laws.Build, config: laws.Config): boolean {
  try {
    build(config);
    return true;
  } catch (error) {
    if (error instanceof TemperError && error.code.startsWith('config/')) return false;
    throw error;
  }
}

function endsOf(config: laws.Config, ends: ScheduleCheckOptions['ends']): { readonly start?: number; readonly end?: number } {
  if (ends === false) return {};
  if (ends !== undefined) return ends(config);
  const { from, to } = config;
  return typeof from === 'number' && typeof to === 'number' ? { start: from, end: to } : {};
}
