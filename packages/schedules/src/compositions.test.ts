import { createKit, type Json, type Progress, type Schedule } from '@temper/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLong } from '../../../fixtures/long.js';
import { schedules } from './index.js';

// More cases by TEMPER_COMPOSITIONS.
const compositions = Number(process.env['TEMPER_COMPOSITIONS'] ?? (isLong ? 10_000 : 4_000));
const kit = createKit({ plugins: [schedules] });
const container = kit.container({});
const build = (config: unknown): Schedule => kit.build('schedule', config, [], container);

/** A random schedule, with its values at both ends where its parts say them exactly. */
interface Composition {
  readonly config: Json;
  readonly start?: number;
  readonly end?: number;
}

const value = fc.integer({ min: -2000, max: 2000 }).map((n) => n / 100);
const positive = fc.integer({ min: 1, max: 2000 }).map((n) => n / 100);
const curve = (type: string, ends: fc.Arbitrary<number>, options: Record<string, fc.Arbitrary<Json>> = {}): fc.Arbitrary<Composition> =>
  fc.tuple(ends, ends, fc.record(options, { noNullPrototype: true })).map(([from, to, more]) => ({
    config: { type, from, to, ...more },
    start: from,
    end: to,
  }));
const share = fc.integer({ min: 1, max: 99 }).map((n) => n / 100);
const length = fc.oneof(
  fc.record({ steps: fc.integer({ min: 1, max: 60 }) }, { noNullPrototype: true }),
  fc.record({ epochs: fc.integer({ min: 1, max: 30 }).map((n) => n / 10) }, { noNullPrototype: true }),
  fc.record({ fraction: share }, { noNullPrototype: true }),
) as fc.Arbitrary<Json>;

const leaf: fc.Arbitrary<Composition> = fc.oneof(
  value.map((number) => ({ config: number, start: number, end: number })),
  value.map((number) => ({ config: { type: 'hold', value: number }, start: number, end: number })),
  curve('linear', value),
  curve('cosine', value),
  curve('polynomial', value, { power: positive }),
  curve('sigmoid', value, { center: share, steepness: positive }),
  curve('exponential', positive),
  curve('inverse', positive, { power: fc.constantFrom(0.5, 1, 2) }),
  curve('one-cycle', value, { peak: value, rise: share }),
  fc.tuple(value, share, length).map(([from, factor, every]) => ({ config: { type: 'step', from, factor, every } })),
  fc.tuple(value, value, fc.integer({ min: 1, max: 5 }), share).map(([from, to, cycles, decay]) => ({
    config: { type: 'cyclic', from, to, cycles, decay },
    start: from,
    end: from,
  })),
  fc.tuple(value, value, value).map(([a, b, c]) => ({
    config: {
      type: 'piecewise',
      between: 'monotone',
      points: [
        { at: 0, value: a },
        { at: 0.3, value: b },
        { at: 1, value: c },
      ],
    },
    start: a,
    end: c,
  })),
  fc.tuple(value, value, value, length).map(([from, peak, to, warmUp]) => ({
    config: { type: 'warm-up-hold-decay', from, peak, to, warmUp, hold: { steps: 2 } },
  })),
);

const map = (type: string, one: Composition, options: Record<string, Json>, ends: (number: number) => number): Composition => ({
  config: { type, of: one.config, ...options },
  ...(one.start === undefined ? {} : { start: ends(one.start) }),
  ...(one.end === undefined ? {} : { end: ends(one.end) }),
});
const ends = (start: number | undefined, end: number | undefined) => ({
  ...(start === undefined ? {} : { start }),
  ...(end === undefined ? {} : { end }),
});
const fold = (type: string, parts: readonly Composition[], operation: (a: number, b: number) => number): Composition => {
  const at = (side: 'start' | 'end') =>
    parts.map((part) => part[side]).reduce((a, b) => (a === undefined || b === undefined ? undefined : operation(a, b)));
  return { config: { type, of: parts.map(({ config }) => config) }, ...ends(at('start'), at('end')) };
};

const { anySchedule } = fc.letrec<{ anySchedule: Composition; operator: Composition }>((tie) => {
  const one = tie('anySchedule');
  const some = fc.array(one, { minLength: 1, maxLength: 3 });
  return {
    anySchedule: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie('operator')),
    operator: fc.oneof(
      some.map((parts) => ({
        config: { type: 'sequence', of: parts.map(({ config }) => config) },
        ...ends(parts[0]?.start, parts.at(-1)?.end),
      })),
      fc.tuple(one, one, length).map(([a, b, first]) => ({ config: { type: 'sequence', of: [a.config, b.config], lengths: [first] } })),
      fc.tuple(one, value).map(([of, by]) => map('scale', of, { by }, (number) => by * number)),
      fc.tuple(one, value).map(([of, by]) => map('offset', of, { by }, (number) => number + by)),
      fc
        .tuple(one, value)
        .map(([of, max]) =>
          map('clamp', of, { min: -5, max: Math.max(-5, max) }, (number) => Math.min(Math.max(-5, max), Math.max(-5, number))),
        ),
      some.map((parts) => fold('sum', parts, (a, b) => a + b)),
      some.map((parts) => fold('product', parts, (a, b) => a * b)),
      some.map((parts) => fold('min', parts, Math.min)),
      some.map((parts) => fold('max', parts, Math.max)),
      one.map(({ config, start, end }) => ({ config: { type: 'reverse', of: config }, ...ends(end, start) })),
      // The run's ends are not those of the part it stands in.
      one.map(({ config }) => ({ config: { type: 'global', of: config } })),
      fc.tuple(one, fc.integer({ min: 1, max: 4 })).map(([of, times]) => map('repeat', of, { times }, (number) => number)),
      fc.tuple(one, fc.integer({ min: 2, max: 9 })).map(([of, levels]) => map('quantise', of, { levels }, (number) => number)),
      fc.tuple(one, length).map(([of, every]) => ({ config: { type: 'quantise', of: of.config, every } })),
      fc.tuple(one, share).map(([of, amount]) => ({ config: { type: 'jitter', of: of.config, amount } })),
      fc.tuple(one, value, length).map(([of, from, over]) => ({ config: { type: 'warm-up', of: of.config, from, over } })),
    ),
  };
});

const at = (step: number, total: number): Progress => ({ step, total, stepsPerEpoch: 7 });

test(`${compositions} random compositions keep the laws`, { timeout: 600_000 }, () => {
  const holds = ({ config, start, end }: Composition, total: number, steps: readonly number[]): void => {
    const schedule = build(config);
    const read = build(JSON.parse(JSON.stringify(config)));
    const asked = steps.map((step) => Math.min(step, total - 1));
    const values = asked.map((step) => schedule(at(step, total)));
    values.forEach((number) => expect(number).toSatisfy(Number.isFinite));
    // The other one is asked the other way round.
    expect(
      asked
        .toReversed()
        .map((step) => read(at(step, total)))
        .toReversed(),
    ).toEqual(values);
    const last = schedule(at(total - 1, total));
    expect(schedule(at(total + 1000, total))).toBe(last);
    // Long enough that every part of a part has an update of its own.
    if (total < 1e6) return;
    if (end !== undefined) expect(last).toBe(end);
    if (start !== undefined) expect(schedule(at(0, total))).toBe(start);
  };
  const total = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1e6, max: 1e9 }));
  fc.assert(fc.property(anySchedule, total, fc.array(fc.nat({ max: 1e9 }), { minLength: 3, maxLength: 8 }), holds), {
    numRuns: compositions,
  });
});
