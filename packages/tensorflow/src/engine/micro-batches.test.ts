import '@tensorflow/tfjs-node';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLong } from '../../../../fixtures/long.js';
import { classes, engines, initialWeights, trainSplit, type SplitData } from '../testing/split-runs.js';

/** Random cases in one run of the tests; `TEMPER_SPLIT_RUNS=500` looks for longer. */
const cases = Number(process.env['TEMPER_SPLIT_RUNS'] ?? (isLong ? 30 : 12));

const tapped = { student: 'middle', teacher: 'middle' };
const soft = [
  { type: 'kl' },
  { type: 'kl', direction: 'reverse', scale: 'none' },
  { type: 'soft-cross-entropy', temperature: 3 },
  { type: 'generalized-jsd' },
  { type: 'dkd', beta: 2 },
  { type: 'wsl' },
  { type: 'ttm' },
  { type: 'wttm' },
  { type: 'mse' },
  { type: 'cosine' },
  { type: 'top-k-kl', k: 2 },
  { type: 'logit-standardization' },
  { type: 'consistency', threshold: 0.3 },
  { type: 'fitnets', ...tapped },
] as const;
const hard = [{ type: 'cross-entropy' }, { type: 'cross-entropy', labelSmoothing: 0.1 }] as const;
const weightings = [
  { soft: 1, hard: 1 },
  { type: 'alpha', soft: { type: 'linear', from: 0.9, to: 0.1 } },
  { type: 'uncertainty' },
  { type: 'teacher-confidence', soft: 0.8 },
  { type: 'teacher-correctness', soft: 0.8, wrong: 0.2 },
  { type: 'dwa' },
] as const;
const temperatures = [
  2,
  { type: 'linear', from: 5, to: 1 },
  { type: 'ctkd', strength: 0.5 },
  { type: 'ctkd-per-sample', strength: 0.5 },
  { type: 'dtkd', base: 3 },
  { type: 'ats', target: 3, other: 2 },
  { type: 'ctkd-per-class', strength: 0.5 },
  { type: 'dts', from: 4 },
  { type: 'largest-logit', factor: 2 },
  { type: 'entropy-matched', target: 0.7 },
  { type: 'confidence-matched', target: 0.6 },
  { type: 'student-teacher-gap', from: 5, to: 1 },
  { type: 'target-entropy', target: 0.6, from: 3 },
] as const;
// Adam's division makes a step of what is rounding where a gradient is 0: its ε is above that here.
const optimizers = [
  { type: 'sgd', learningRate: 0.2, momentum: 0.9, weightDecay: 0.01 },
  { type: 'adam', learningRate: 0.05, epsilon: 0.01 },
  { type: 'adamw', learningRate: 0.05, epsilon: 0.01 },
  { type: 'dot', learningRate: 0.1, weightDecay: 0.01 },
] as const;

const data: fc.Arbitrary<SplitData> = fc
  .record({
    size: fc.integer({ min: 2, max: 7 }),
    length: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    ignored: fc.constantFrom(0, 0.3, 0.9),
    masked: fc.constantFrom(undefined, 0, 0.4, 0.9),
    seed: fc.array(fc.tuple(fc.nat(classes - 1), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 28,
      maxLength: 28,
    }),
  })
  .map(({ size, length, ignored, masked, seed }) => {
    const own = seed.slice(0, size * (length ?? 1));
    return {
      size,
      ...(length === undefined ? {} : { length }),
      labels: own.map(([label, chance]) => (chance < ignored ? -100 : label)),
      ...(masked === undefined ? {} : { mask: own.map(([, , chance]) => (chance < masked ? 0 : 1)) }),
    };
  });

const config = fc
  .record({
    losses: fc.record({ soft: fc.constantFrom(...soft), hard: fc.constantFrom(...hard) }),
    weighting: fc.constantFrom(...weightings),
    temperature: fc.constantFrom(...temperatures),
    optimizer: fc.constantFrom(...optimizers),
    clipNorm: fc.option(fc.constant(0.3), { nil: undefined }),
    ema: fc.option(fc.constant(0.9), { nil: undefined }),
  })
  .map(({ clipNorm, ema, ...rest }) => ({
    ...rest,
    epochs: 3,
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(ema === undefined ? {} : { ema }),
  }));

/** Differences of float32 roundings, next to what has changed at all. */
function expectSame(got: readonly number[], want: readonly number[], size: number): void {
  expect(got).toHaveLength(want.length);
  want.forEach((value, i) =>
    expect(Math.abs((got[i] as number) - value), `number ${i}: ${got[i]} for ${value}`).toBeLessThanOrEqual(2e-4 * size + 1e-6),
  );
}

test('any split of a batch into micro-batches makes the same update on both engines', { timeout: 60_000 + 3_000 * cases }, async () => {
  await fc.assert(
    fc.asyncProperty(data, config, fc.integer({ min: 1, max: 4 }), async (samples, run, batchSize) => {
      const size = Math.min(batchSize, samples.size);
      const before = initialWeights(samples);
      const whole = await trainSplit({ ...run, batchSize: samples.size }, samples, engines['eager']?.() as never);
      const moved = Math.max(...whole.weights.map((weight, i) => Math.abs(weight - (before[i] as number))));
      const reported = Math.max(1, ...whole.losses.map(Math.abs));
      const split = { ...run, batchSize: size, accumulate: Math.ceil(samples.size / size) };
      for (const engine of Object.values(engines)) {
        const parts = await trainSplit(split, samples, engine());
        expectSame(parts.weights, whole.weights, moved);
        expectSame(parts.losses, whole.losses, reported);
        expect(parts.warnings).toEqual(whole.warnings);
      }
    }),
    // A failure is made smaller for so long at most, and then told.
    { numRuns: cases, interruptAfterTimeLimit: 30_000 + 2_000 * cases },
  );
});
