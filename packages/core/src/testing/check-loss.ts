import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Loss, LossInputs } from '../contracts/loss.js';
import { anyLossCase, inputsOf, tensorOf, variableParts, type LossCase, type Numbers, type TapShapes } from './check-loss-cases.js';
import { demand, tensorsKept } from './laws.js';

export interface LossCheckOptions<O> {
  /** Options to try; left out where the loss needs none. */
  readonly options?: fc.Arbitrary<O>;
  /** Claim: identical logits (and taps) give 0 and no gradient. */
  readonly zeroWhenEqual?: boolean;
  /** Claim: adding a constant to all logits of a sample changes nothing. */
  readonly shiftInvariant?: boolean;
  /** Shapes of the intermediate outputs it asks for, without the batch. */
  readonly taps?: TapShapes;
  /**
   * For losses whose gradient leaves a part out on purpose, such as weights that count as constants: the loss at `x`
   * with that part as it is at `around`. Its finite differences are what the gradient must equal.
   */
  readonly holding?: (options: O, x: LossInputs, around: LossInputs) => tf.Tensor;
  /** How many cases to try of each law. Default 25. */
  readonly runs?: number;
}

/**
 * Checks that a loss keeps the laws that a run relies on, over random logits `[samples, classes]`, labels, temperatures,
 * taps and variables:
 * one value per sample or one for the batch; gradients for the student's logits and taps, for the temperature and for the loss's own
 * variables equal finite differences, and the teacher has none; no NaN and no infinity with logits of ±1e4 at
 * temperatures from 0.05 to 1000; what is masked, its label −100, has no influence; the order of the samples has none either;
 * `[batch, length, classes]` gives what its rows give; a temperature is the same as a scalar, per sample and per side; no tensor is left
 * behind; and what `zeroWhenEqual` and `shiftInvariant` claim.
 *
 * `make` is the definition, or for a class plug-in `(options) => kit.loss({ type: '…', ...options })`.
 * Independent of any test runner.
 * @throws Error with fast-check's report: the law, and the smallest counterexample with the seed that repeats it.
 * @example test('laws', () => checkLoss(myLoss, { options: fc.record({ beta: fc.double({ min: 0, max: 1, noNaN: true }) }), zeroWhenEqual: true }));
 */
export function checkLoss<O = object>(make: (options: O) => Loss, check: LossCheckOptions<O> = {}): void {
  const { options = fc.constant({} as O), taps = { student: {}, teacher: {} }, runs = 25 } = check;
  const mild = fc.double({ min: 0.5, max: 4, noNaN: true }).map(Math.fround);
  const law = (cases: fc.Arbitrary<LossCase>, holds: (loss: Loss, one: LossCase, given: O) => void): void =>
    fc.assert(
      fc.property(options, cases, (given, one) => {
        const loss = make(given);
        tensorsKept(() => holds(loss, { ...one, parts: { ...one.parts, ...variableParts(loss, one, taps) } }, given));
      }),
      { numRuns: runs },
    );

  law(anyLossCase(taps, mild), (loss, one, given) => {
    const { samples } = sizeOf(one);
    const { shape } = evaluate(loss, one);
    demand(shape.length === 0 || (shape.length === 1 && shape[0] === samples), `must give one value for each of ${samples} samples or one for all, got the shape [${shape}]`);
    gradientsEqualDifferences(loss, one, check.holding === undefined ? undefined : (x, around) => (check.holding as NonNullable<typeof check.holding>)(given, x, around));
  });
  law(anyLossCase(taps, fc.constantFrom(0.05, 1, 1000), true), (loss, one) => {
    demand(evaluate(loss, one).values.every(Number.isFinite), 'values must be finite');
    for (const [name, gradient] of Object.entries(gradientsOf(loss, one))) demand(gradient.every(Number.isFinite), `the gradient for ${name} must be finite, got ${gradient}`);
  });
  law(anyLossCase(taps, mild), orderHasNoInfluence);
  law(anyLossCase(taps, mild), maskedHasNoInfluence);
  law(anyLossCase(taps, mild), temperaturesAgree);
  if (Object.keys(taps.student).length === 0) law(anyLossCase(taps, mild), tokensAreSamples);
  if (check.zeroWhenEqual === true) law(anyLossCase(taps, mild), zeroWhenEqual);
  if (check.shiftInvariant === true) law(anyLossCase(taps, mild), shiftInvariant);
}

const sizeOf = ({ parts }: LossCase): { samples: number; classes: number } => {
  const [samples, classes] = (parts['student'] as Numbers).shape as [number, number];
  return { samples, classes };
};

const changed = (one: LossCase, parts: Readonly<Record<string, Numbers>>, more: Partial<LossCase> = {}): LossCase => ({ ...one, ...more, parts: { ...one.parts, ...parts } });

/** The loss's values on the case, outside of any tidy of its own. */
function evaluate(loss: Loss, one: LossCase): Numbers {
  return tf.tidy(() => {
    const x = inputsOf(loss, one, tensorsOf(one));
    return tensorsKept(() => {
      const values = loss(x);
      const numbers = { shape: values.shape, values: Array.from(values.dataSync()) };
      values.dispose();
      return numbers;
    });
  });
}

const tensorsOf = ({ parts }: LossCase): Record<string, tf.Tensor> => Object.fromEntries(Object.entries(parts).map(([name, numbers]) => [name, tensorOf(numbers)]));

/** Different weights, so that a gradient in the wrong sample shows. */
const weightsFor = (length: number): number[] => Array.from({ length }, (_, i) => 1 + 0.5 * ((i * 3) % 4));

/** Gradients of the weighted sum of the values, for every part. */
function gradientsOf(loss: Loss, one: LossCase): Record<string, number[]> {
  return tf.tidy(() => {
    const [names, tensors] = [Object.keys(one.parts), Object.values(tensorsOf(one))];
    const weigh = (...given: tf.Tensor[]): tf.Tensor => {
      const values = loss(inputsOf(loss, one, Object.fromEntries(names.map((name, i) => [name, given[i] as tf.Tensor]))));
      const sum = tf.sum(tf.mul(values, tf.tensor(weightsFor(values.size), values.shape)));
      // Every part is on the way to the result, also where the loss leaves it out.
      return given.reduce<tf.Tensor>((total, part) => tf.add(total, tf.mul(0, tf.sum(part))), sum);
    };
    return Object.fromEntries(tf.grads(weigh)(tensors).map((gradient, i) => [names[i] as string, Array.from(gradient.dataSync())]));
  });
}

type Holding = (x: LossInputs, around: LossInputs) => tf.Tensor;
const step = 0.02;

function gradientsEqualDifferences(loss: Loss, one: LossCase, holding: Holding | undefined): void {
  const at = (moved: LossCase): number =>
    tf.tidy(() => {
      const x = inputsOf(loss, moved, tensorsOf(moved));
      const values = holding === undefined ? loss(x) : holding(x, inputsOf(loss, one, tensorsOf(one)));
      const weights = weightsFor(values.size);
      return Array.from(values.dataSync()).reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
    });
  // What float32 leaves of a difference quotient.
  const noise = (1e-6 * (1 + Math.abs(at(one)) + scaleOf(one))) / step;
  for (const [name, gradient] of Object.entries(gradientsOf(loss, one))) {
    const { shape, values } = one.parts[name] as Numbers;
    if (name === 'teacher' || name.startsWith('taps.teacher.')) {
      demand(gradient.every((value) => value === 0), `${name} is a constant, and its gradient must be 0`);
      continue;
    }
    demand(gradient.every(Number.isFinite), `the gradient for ${name} must be finite, got ${gradient}`);
    const largest = Math.max(...gradient.map(Math.abs));
    gradient.forEach((got, i) => {
      const moved = (by: number): number => at(changed(one, { [name]: { shape, values: values.map((value, j) => (j === i ? value + by : value)) } }));
      const want = (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12 * step);
      demand(Math.abs(got - want) <= 2e-3 * largest + noise, `the gradient for ${name}[${i}] must be the finite difference ${want}, got ${got}`);
    });
  }
}

/** Rounding at temperature T is multiplied by up to T². */
const scaleOf = ({ parts }: LossCase): number => Math.max(...(parts['temperature'] as Numbers).values) ** 2;

function sameValues(one: LossCase, got: readonly number[], want: readonly number[], when: string): void {
  const slack = 1e-5 * (1 + scaleOf(one));
  demand(got.length === want.length && got.every((value, i) => Math.abs(value - (want[i] as number)) <= 1e-4 * Math.abs(want[i] as number) + slack), `values must be the same ${when}: ${want}, got ${got}`);
}

/** Rows of everything that has one for each sample, in another order or from elsewhere. */
const rowsOf = ({ shape, values }: Numbers, order: readonly number[]): Numbers => {
  const size = values.length / (shape[0] as number);
  return { shape: [order.length, ...shape.slice(1)], values: order.flatMap((row) => values.slice(row * size, (row + 1) * size)) };
};
const perSample = (name: string): boolean => name !== 'temperature' && !name.startsWith('variables.');
const inOrder = (one: LossCase, order: readonly number[]): LossCase =>
  changed(one, Object.fromEntries(Object.entries(one.parts).map(([name, numbers]) => [name, perSample(name) ? rowsOf(numbers, order) : numbers])), { labels: rowsOf(one.labels, order) });

function orderHasNoInfluence(loss: Loss, one: LossCase): void {
  const reversed = Array.from({ length: sizeOf(one).samples }, (_, i) => i).reverse();
  const [before, after] = [evaluate(loss, one), evaluate(loss, inOrder(one, reversed))];
  sameValues(one, after.values, before.shape.length === 0 ? before.values : [...before.values].reverse(), 'in another order of samples');
}

function maskedHasNoInfluence(loss: Loss, one: LossCase): void {
  const { samples, classes } = sizeOf(one);
  const counted = Array.from({ length: samples }, (_, i) => i);
  // The same samples again behind them, mirrored and not counted.
  const doubled = inOrder(one, [...counted, ...counted]);
  const all = { shape: [samples], values: counted.map(() => 1) };
  const half = { shape: [2 * samples], values: [...counted.map(() => 1), ...counted.map(() => 0)] };
  const labels = { shape: [2 * samples], values: [...one.labels.values, ...counted.map(() => -100)] };
  const mirrored = ({ shape, values }: Numbers): Numbers => ({ shape, values: values.map((value, i) => (i < values.length / 2 ? value : -value)) });
  const student = mirrored(doubled.parts['student'] as Numbers);
  const masked = changed(doubled, { student }, { labels, mask: half });
  const [want, withMask] = [evaluate(loss, changed(one, {}, { mask: all })), evaluate(loss, masked)];
  sameValues(one, want.values, evaluate(loss, one).values, 'with a mask that counts all samples');
  sameValues(one, withMask.shape.length === 0 ? withMask.values : withMask.values.slice(0, samples), want.values, 'beside samples that are masked');
  demand(withMask.values.every(Number.isFinite), 'values of masked samples must be finite');
  if (withMask.shape.length === 0) {
    const gradient = gradientsOf(loss, masked)['student'] as number[];
    demand(gradient.slice(samples * classes).every((value) => value === 0), 'masked samples must have no gradient');
  }
}

function temperaturesAgree(loss: Loss, one: LossCase): void {
  const { values } = evaluate(loss, one);
  const [temperature] = (one.parts['temperature'] as Numbers).values as [number];
  const { samples } = sizeOf(one);
  const spread = changed(one, { temperature: { shape: [samples, 1], values: new Array<number>(samples).fill(temperature) } });
  sameValues(one, evaluate(loss, spread).values, values, 'with the temperature per sample');
  const sides: Loss = Object.assign((x: LossInputs) => {
    const { temperature: both } = x as { temperature: tf.Tensor };
    return loss({ ...x, temperature: { student: both, teacher: both } });
  }, loss);
  sameValues(one, evaluate(sides, one).values, values, 'with the temperature per side');
}

function tokensAreSamples(loss: Loss, one: LossCase): void {
  const { samples, classes } = sizeOf(one);
  const reshaped = (numbers: Numbers, ...shape: number[]): Numbers => ({ ...numbers, shape });
  const [student, teacher] = [one.parts['student'] as Numbers, one.parts['teacher'] as Numbers].map((logits) => reshaped(logits, 1, samples, classes)) as [Numbers, Numbers];
  const tokens = evaluate(loss, changed(one, { student, teacher }, { labels: reshaped(one.labels, 1, samples) }));
  demand(tokens.shape.length === 0 || (tokens.shape.length === 2 && tokens.shape[1] === samples), `must give values of shape [1, ${samples}] for logits [1, ${samples}, ${classes}], got [${tokens.shape}]`);
  sameValues(one, tokens.values, evaluate(loss, one).values, 'as tokens [batch, length, classes]');
}

function zeroWhenEqual(loss: Loss, one: LossCase): void {
  const teachers = Object.entries(one.parts).filter(([name]) => name === 'teacher' || name.startsWith('taps.teacher.'));
  const students = Object.entries(one.parts).filter(([name]) => name === 'student' || name.startsWith('taps.student.'));
  const equal = changed(one, Object.fromEntries(teachers.map(([name], i) => [name, (students[i] as [string, Numbers])[1]])));
  sameValues(one, evaluate(loss, equal).values, evaluate(loss, equal).values.map(() => 0), 'as 0 where student and teacher are equal');
  for (const [name] of students) {
    const gradient = gradientsOf(loss, equal)[name] as number[];
    sameValues(one, gradient, gradient.map(() => 0), `as 0 in the gradient for ${name} where student and teacher are equal`);
  }
}

function shiftInvariant(loss: Loss, one: LossCase): void {
  const { classes } = sizeOf(one);
  const shifted = (name: string, by: number): Record<string, Numbers> => {
    const { shape, values } = one.parts[name] as Numbers;
    return { [name]: { shape, values: values.map((value, i) => value + by * (1 + Math.floor(i / classes))) } };
  };
  const { values } = evaluate(loss, one);
  sameValues(one, evaluate(loss, changed(one, shifted('student', 3))).values, values, "with a constant added to the student's logits");
  sameValues(one, evaluate(loss, changed(one, shifted('teacher', -5))).values, values, "with a constant added to the teacher's logits");
}
