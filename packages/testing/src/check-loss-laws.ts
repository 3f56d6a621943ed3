import * as tf from '@tensorflow/tfjs-core';
import { sizeOf, type Loss, type LossInputs } from '@temper/core';
import { changed, inputsOf, sizesIn, tensorsOf, type LossCase, type Numbers } from './check-loss-cases.js';
import { demand, tensorsKept } from './laws.js';
import { gradientsOf, scale } from './loss-numbers.js';

/** Returns the loss's values for the case, outside of any tidy. */
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

export function oneValuePerSample(loss: Loss, one: LossCase): void {
  const { samples } = sizesIn(one);
  const { shape } = evaluate(loss, one);
  demand(
    shape.length === 0 || (shape.length === 1 && shape[0] === samples),
    `must give one value for each of ${samples} samples or one for all, got the shape [${shape}]`,
  );
}

export function staysFinite(loss: Loss, one: LossCase): void {
  demand(evaluate(loss, one).values.every(Number.isFinite), 'values must be finite');
  for (const [name, gradient] of Object.entries(gradientsOf(loss, one))) {
    demand(gradient.every(Number.isFinite), `the gradient for ${name} must be finite, got ${gradient}`);
  }
}

function sameValues(got: readonly number[], want: readonly number[], when: string): void {
  const slack = 1e-5 * (1 + scale);
  demand(
    got.length === want.length &&
      got.every((value, i) => Math.abs(value - (want[i] as number)) <= 1e-4 * Math.abs(want[i] as number) + slack),
    `values must be the same ${when}: ${want}, got ${got}`,
  );
}

/** Returns the rows of a tensor with a row for each sample, in another order or from other samples. */
const rowsOf = ({ shape, values }: Numbers, order: readonly number[]): Numbers => {
  const size = values.length / (shape[0] as number);
  return { shape: [order.length, ...shape.slice(1)], values: order.flatMap((row) => values.slice(row * size, (row + 1) * size)) };
};
const perSample = (name: string): boolean => name !== 'temperature' && !name.startsWith('variables.');
const inOrder = (one: LossCase, order: readonly number[]): LossCase =>
  changed(
    one,
    Object.fromEntries(Object.entries(one.parts).map(([name, numbers]) => [name, perSample(name) ? rowsOf(numbers, order) : numbers])),
    {
      labels: rowsOf(one.labels, order),
    },
  );

export function orderHasNoInfluence(loss: Loss, one: LossCase): void {
  const reversed = Array.from({ length: sizesIn(one).samples }, (_, i) => i).reverse();
  const [before, after] = [evaluate(loss, one), evaluate(loss, inOrder(one, reversed))];
  sameValues(after.values, before.shape.length === 0 ? before.values : [...before.values].reverse(), 'in another order of samples');
}

export function maskedHasNoInfluence(loss: Loss, one: LossCase): void {
  const { samples, classes } = sizesIn(one);
  const counted = Array.from({ length: samples }, (_, i) => i);
  // The same samples again after them, mirrored and not counted.
  const doubled = inOrder(one, [...counted, ...counted]);
  const all = { shape: [samples], values: counted.map(() => 1) };
  const half = { shape: [2 * samples], values: [...counted.map(() => 1), ...counted.map(() => 0)] };
  const labels = { shape: [2 * samples], values: [...one.labels.values, ...counted.map(() => -100)] };
  const mirrored = ({ shape, values }: Numbers): Numbers => ({
    shape,
    values: values.map((value, i) => (i < values.length / 2 ? value : -value)),
  });
  const student = mirrored(doubled.parts['student'] as Numbers);
  const masked = changed(doubled, { student }, { labels, mask: half });
  const [want, withMask] = [evaluate(loss, changed(one, {}, { mask: all })), evaluate(loss, masked)];
  sameValues(want.values, evaluate(loss, one).values, 'with a mask that counts all samples');
  sameValues(
    withMask.shape.length === 0 ? withMask.values : withMask.values.slice(0, samples),
    want.values,
    'beside samples that are masked',
  );
  demand(withMask.values.every(Number.isFinite), 'values of masked samples must be finite');
  if (withMask.shape.length === 0) {
    const gradient = gradientsOf(loss, masked)['student'] as number[];
    demand(
      gradient.slice(samples * classes).every((value) => value === 0),
      'masked samples must have no gradient',
    );
  }
}

export function temperaturesAgree(loss: Loss, one: LossCase): void {
  const { values } = evaluate(loss, one);
  const [temperature] = (one.parts['temperature'] as Numbers).values as [number];
  const { samples, classes } = sizesIn(one);
  const spread = (...shape: number[]): LossCase =>
    changed(one, { temperature: { shape, values: new Array<number>(sizeOf(shape)).fill(temperature) } });
  sameValues(evaluate(loss, spread(samples, 1)).values, values, 'with the temperature per sample');
  sameValues(evaluate(loss, spread(1, classes)).values, values, 'with the temperature per class');
  sameValues(evaluate(loss, spread(samples, classes)).values, values, 'with the temperature per sample and class');
  const sides: Loss = Object.assign((x: LossInputs) => {
    const { temperature: both } = x as { temperature: tf.Tensor };
    return loss({ ...x, temperature: { student: both, teacher: both } });
  }, loss);
  sameValues(evaluate(sides, one).values, values, 'with the temperature per side');
}

export function tokensAreSamples(loss: Loss, one: LossCase): void {
  const { samples, classes } = sizesIn(one);
  const reshaped = (numbers: Numbers, ...shape: number[]): Numbers => ({ ...numbers, shape });
  const [student, teacher] = [one.parts['student'] as Numbers, one.parts['teacher'] as Numbers].map((logits) =>
    reshaped(logits, 1, samples, classes),
  ) as [Numbers, Numbers];
  const tokens = evaluate(loss, changed(one, { student, teacher }, { labels: reshaped(one.labels, 1, samples) }));
  demand(
    tokens.shape.length === 0 || (tokens.shape.length === 2 && tokens.shape[1] === samples),
    `must give values of shape [1, ${samples}] for logits [1, ${samples}, ${classes}], got [${tokens.shape}]`,
  );
  const { values } = evaluate(loss, one);
  sameValues(tokens.values, values, 'as tokens [batch, length, classes]');
  const [temperature] = (one.parts['temperature'] as Numbers).values as [number];
  for (const shape of [
    [1, samples, 1],
    [1, samples, classes],
  ]) {
    const spread = { temperature: { shape, values: new Array<number>(sizeOf(shape)).fill(temperature) } };
    const found = evaluate(loss, changed(one, { student, teacher, ...spread }, { labels: reshaped(one.labels, 1, samples) }));
    sameValues(found.values, values, `as tokens with a temperature of shape [${shape.join(', ')}]`);
  }
}

export function zeroWhenEqual(loss: Loss, one: LossCase): void {
  const teachers = Object.entries(one.parts).filter(([name]) => name === 'teacher' || name.startsWith('taps.teacher.'));
  const students = Object.entries(one.parts).filter(([name]) => name === 'student' || name.startsWith('taps.student.'));
  const equal = changed(one, Object.fromEntries(teachers.map(([name], i) => [name, (students[i] as [string, Numbers])[1]])));
  sameValues(
    evaluate(loss, equal).values,
    evaluate(loss, equal).values.map(() => 0),
    'as 0 where student and teacher are equal',
  );
  for (const [name] of students) {
    const gradient = gradientsOf(loss, equal)[name] as number[];
    sameValues(
      gradient,
      gradient.map(() => 0),
      `as 0 in the gradient for ${name} where student and teacher are equal`,
    );
  }
}

export function shiftInvariant(loss: Loss, one: LossCase): void {
  const { classes } = sizesIn(one);
  const shifted = (name: string, by: number): Record<string, Numbers> => {
    const { shape, values } = one.parts[name] as Numbers;
    return { [name]: { shape, values: values.map((value, i) => value + by * (1 + Math.floor(i / classes))) } };
  };
  const { values } = evaluate(loss, one);
  sameValues(evaluate(loss, changed(one, shifted('student', 3))).values, values, "with a constant added to the student's logits");
  sameValues(evaluate(loss, changed(one, shifted('teacher', -5))).values, values, "with a constant added to the teacher's logits");
}
