import { createKit, type Json, type Progress, type Schedule } from '@temper/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hold, linear, schedules, sequence } from './index.js';

// More cases by TEMPER_COMPOSITIONS.
const compositions = Number(process.env['TEMPER_COMPOSITIONS'] ?? 10_000);
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
      some.map((parts) => ({ config: { type: 'sequence', of: parts.map(({ config }) => config) }, ...ends(parts[0]?.start, parts.at(-1)?.end) })),
      fc.tuple(one, one, length).map(([a, b, first]) => ({ config: { type: 'sequence', of: [a.config, b.config], lengths: [first] } })),
      fc.tuple(one, value).map(([of, by]) => map('scale', of, { by }, (number) => by * number)),
      fc.tuple(one, value).map(([of, by]) => map('offset', of, { by }, (number) => number + by)),
      fc
        .tuple(one, value)
        .map(([of, max]) => map('clamp', of, { min: -5, max: Math.max(-5, max) }, (number) => Math.min(Math.max(-5, max), Math.max(-5, number)))),
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
  fc.assert(fc.property(anySchedule, total, fc.array(fc.nat({ max: 1e9 }), { minLength: 3, maxLength: 8 }), holds), { numRuns: compositions });
});

describe('parts of a sequence', () => {
  const parts = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), value, value), { minLength: 2, maxLength: 6 });

  test('are half-open and see their own progress', () => {
    fc.assert(
      fc.property(parts, (given) => {
        const of = given.map(([, from, to]) => linear({ from, to }));
        const lengths = given.slice(0, -1).map(([steps]) => ({ steps }));
        const total = given.reduce((sum, [steps]) => sum + steps, 0);
        const whole = sequence({ of, lengths });
        let begin = 0;
        given.forEach(([steps], i) => {
          for (let step = 0; step < steps; step++) expect(whole({ step: begin + step, total })).toBe((of[i] as Schedule)({ step, total: steps }));
          begin += steps;
        });
      }),
    );
  });

  test('may be put together in any way: nesting changes nothing', () => {
    fc.assert(
      fc.property(parts, fc.nat(), (given, cut) => {
        const of = given.map(([, from, to]) => linear({ from, to }));
        const steps = given.map(([length]) => ({ steps: length }));
        const total = given.reduce((sum, [length]) => sum + length, 0);
        const k = 1 + (cut % (given.length - 1));
        const head = sequence({ of: of.slice(0, k), lengths: steps.slice(0, k - 1) });
        const tail = sequence({ of: of.slice(k), lengths: steps.slice(k, -1) });
        const nested = sequence({ of: [head, tail], lengths: [{ steps: steps.slice(0, k).reduce((sum, { steps }) => sum + steps, 0) }] });
        const flat = sequence({ of, lengths: steps.slice(0, -1) });
        for (let step = 0; step < total + 3; step++) expect(nested({ step, total })).toBe(flat({ step, total }));
      }),
    );
  });

  test('are cut by epochs that do not divide the run, and by fractions of it', () => {
    const at = (step: number) =>
      sequence({ of: [hold(1), hold(2), hold(3)], lengths: [{ epochs: 1.5 }, { fraction: 0.25 }] })({ step, total: 23, stepsPerEpoch: 7 });
    const values = Array.from({ length: 23 }, (_, step) => at(step));
    expect(values.indexOf(2)).toBe(Math.round(10.5));
    expect(values.indexOf(3)).toBe(Math.round(10.5 + 5.75));
    expect(at(22)).toBe(3);
  });

  test('each get an update where fractions are short', () => {
    const tiny = sequence({ of: [hold(1), hold(2), hold(3)], lengths: [{ fraction: 0.98 }, { fraction: 0.01 }] });
    expect([0, 1, 2].map((step) => tiny({ step, total: 3 }))).toEqual([1, 2, 3]);
    expect([0, 1].map((step) => tiny({ step, total: 2 }))).toEqual([2, 3]);
    expect(tiny({ step: 0, total: 1 })).toBe(3);
  });

  test('in steps keep their length where the run is shorter', () => {
    const long = sequence({ of: [linear({ from: 0, to: 10 }), hold(7)], lengths: [{ steps: 11 }] });
    expect(long({ step: 4, total: 5 })).toBe(4);
    expect(long({ step: 100, total: 5 })).toBe(4);
    expect(long({ step: 11, total: 12 })).toBe(7);
  });
});
