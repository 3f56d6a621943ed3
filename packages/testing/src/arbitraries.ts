import fc from 'fast-check';
import type { Progress } from '@temper/core';

/** Draws a position in a stage of 1 to `most` updates, often the first or the last. */
export function anyProgress(most = 1e9): fc.Arbitrary<Progress> {
  return fc.integer({ min: 1, max: most }).chain((total) =>
    fc.oneof(fc.constant(0), fc.constant(total - 1), fc.nat({ max: total - 1 })).map((step) => {
      const at = { step, total, stepsPerEpoch: Math.ceil(total / 10) };
      return { ...at, run: at };
    }),
  );
}

type Matrix = readonly (readonly number[])[];

/** The numbers of a batch: logits by sample, losses and their gradients by the name of the loss. */
export interface BatchValues {
  readonly classes: number;
  readonly labels: readonly number[];
  readonly student: Matrix;
  readonly teacher: Matrix;
  readonly losses: Readonly<Record<string, number>>;
  readonly gradients: Readonly<Record<string, Matrix>>;
}

const lossValue = fc.oneof(
  { weight: 4, arbitrary: fc.double({ min: 0, max: 20, noNaN: true }) },
  fc.constantFrom(0, 1e-12, 1e-8, 1e4, 1e10),
);
const logit = fc.oneof({ weight: 4, arbitrary: fc.double({ min: -8, max: 8, noNaN: true }) }, fc.constantFrom(-1e4, 0, 1e4));
const gradient = fc.oneof({ weight: 4, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) }, fc.constantFrom(0, 1e-12, 1e6));

/** Draws a batch of 1 to 4 samples over 2 to 5 classes, with extreme numbers among them; a label may be −100, not counted. */
export function anyBatch(losses: readonly string[]): fc.Arbitrary<BatchValues> {
  return fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 4 })).chain(([classes, samples]) => {
    const times = <T>(one: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> => fc.array(one, { minLength: length, maxLength: length });
    const rows = (one: fc.Arbitrary<number>): fc.Arbitrary<number[][]> => times(times(one, classes), samples);
    const matrix = (one: fc.Arbitrary<number>): fc.Arbitrary<number[][]> =>
      fc.oneof({ weight: 6, arbitrary: rows(one) }, rows(fc.constant(0)));
    return fc.record({
      classes: fc.constant(classes),
      labels: times(fc.oneof({ weight: 6, arbitrary: fc.nat({ max: classes - 1 }) }, fc.constant(-100)), samples),
      student: matrix(logit),
      teacher: matrix(logit),
      losses: byName(losses, lossValue),
      gradients: byName(losses, matrix(gradient)),
    });
  });
}

/** Draws the observations of a run after each of up to four evaluations: mean losses, and validation metrics. */
export function anyObservations(losses: readonly string[]): fc.Arbitrary<Readonly<Record<string, number>>[]> {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const seen = fc.record({ loss: lossValue, 'validation.accuracy': share, 'validation.nll': lossValue, 'validation.ece': share });
  const terms = byName(
    losses.map((name) => `loss.${name}`),
    lossValue,
  );
  return fc.array(
    fc.tuple(seen, terms).map(([one, other]) => ({ ...one, ...other })),
    { maxLength: 4 },
  );
}

const byName = <T>(names: readonly string[], one: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.record(Object.fromEntries(names.map((name) => [name, one])));
