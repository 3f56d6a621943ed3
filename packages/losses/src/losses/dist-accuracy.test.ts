import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { dist } from './dist.js';
import { type Table, logits } from '../testing/dist-tables.js';

const transposed = (table: Table): number[][] =>
  (table[0] as readonly number[]).map((_, column) => table.map((row) => row[column] as number));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, one, i) => sum + one * (b[i] as number), 0);

function softmax(logits: readonly number[], temperature: number): number[] {
  const largest = Math.max(...logits);
  const exponentials = logits.map((z) => Math.exp((z - largest) / temperature));
  return exponentials.map((e) => e / exponentials.reduce((sum, one) => sum + one, 0));
}

/** Mean of 1 − ρ over the rows, and its gradient for q, in float64. */
function unlike(p: Table, q: Table): { value: number; gradient: number[][] } {
  const each = p.map((row, i) => {
    const [a, b] = [row, q[i] as readonly number[]].map((values) => values.map((value) => value - mean(values))) as [number[], number[]];
    const [ofA, ofB] = [Math.sqrt(dot(a, a)), Math.sqrt(dot(b, b))];
    const product = ofA * ofB + 1e-8;
    const gradient = b.map((one, k) => ((dot(a, b) * ofA * one) / (ofB * product) - (a[k] as number)) / product / p.length);
    return { value: 1 - dot(a, b) / product, gradient };
  });
  return { value: mean(each.map(({ value }) => value)), gradient: each.map(({ gradient }) => gradient) };
}

/** The loss without a scale as the formula is written. */
function closedForm(student: Table, teacher: Table, temperature: number): { value: number; gradient: number[] } {
  const [p, q] = [teacher, student].map((table) => table.map((row) => softmax(row, temperature))) as [number[][], number[][]];
  const [rows, columns] = [unlike(p, q), unlike(transposed(p), transposed(q))];
  const ofColumns = transposed(columns.gradient);
  const gradient = q.flatMap((row, i) => {
    const pull = (rows.gradient[i] as number[]).map((one, k) => one + (ofColumns[i]?.[k] as number));
    return row.map((probability, k) => (probability * ((pull[k] as number) - dot(pull, row))) / temperature);
  });
  return { value: rows.value + columns.value, gradient };
}

const changed = (table: Table, change: (one: number, row: number, column: number) => number): number[][] =>
  table.map((values, row) => values.map((one, column) => Math.fround(change(one, row, column))));

describe.each([0.5, 1, 4, 20, 1000])('accuracy at temperature %d', (temperature) => {
  test.each([0.01, 0.1, 1, 5])('dist is exact to 1e-5 in value and gradient for logits of about %d', (size) => {
    const [student, teacher] = [logits(size, 0), logits(size, 0.9)];
    const near = changed(teacher, (one, row, column) => one + 0.1 * (student[row]?.[column] as number));
    expectClose(student, teacher, temperature);
    expectClose(near, teacher, temperature);
    // Sharper ones have one class alone, and nothing left to compare.
    if (size > 2 * temperature) return;
    const [inclined, alike] = [student, teacher].map((table) => changed(table, (one, _, column) => one + 3 * size * column)) as [
      number[][],
      number[][],
    ];
    expectClose(inclined, alike, temperature);
  });
});

test.each([
  [1.5, 0.6],
  [2, 0.8],
])('dist is exact to 1e-5 for samples sure of one class (lead %d, noise %d)', (lead, noise) => {
  const temperature = Math.fround(0.05);
  const ahead = (phase: number): number[][] =>
    logits(noise, phase).map(([one, other]) => [one as number, Math.fround((other as number) + lead)]);
  const [student, teacher] = [ahead(0), ahead(0.9)];
  tf.tidy(() => {
    const got = dist({ scale: 'none' })({
      student: tf.tensor2d(student),
      teacher: tf.tensor2d(teacher),
      temperature,
    }).dataSync()[0] as number;
    const { value } = closedForm(student, teacher, temperature);
    expect(Math.abs(got - value) / value).toBeLessThan(1e-5);
  });
});

test('dist is exact to 1e-5 when each sample is sure of its own class', () => {
  // Columns of 0 and 1 alone in the student; in the teacher the second sample has no class that is sure.
  const [student, teacher] = [
    [
      [9, 0, 0, 0],
      [0, 9, 0, 0],
      [0, 0, 9, 0],
    ],
    [
      [0, 0, 9, 0],
      [4, 3, 0, 1],
      [9, 0, 0, 0],
    ],
  ] as [number[][], number[][]];
  tf.tidy(() => {
    const got = dist({ scale: 'none' })({
      student: tf.tensor2d(student),
      teacher: tf.tensor2d(teacher),
      temperature: 0.5,
    }).dataSync()[0] as number;
    const { value } = closedForm(student, teacher, 0.5);
    expect(Math.abs(got - value) / value).toBeLessThan(1e-5);
  });
});

test('dist scales rows by their own temperature and columns by the mean', () => {
  tf.tidy(() => {
    const [student, teacher] = [logits(2, 0), logits(2, 0.9)];
    const temperatures = [0.5, 1, 2, 8];
    const softened = (table: Table): number[][] => table.map((row, i) => softmax(row, temperatures[i] as number));
    const [p, q] = [softened(teacher), softened(student)];
    const squares = temperatures.map((one) => one ** 2);
    const ofRows = mean(squares.map((square, i) => square * unlike([p[i] as number[]], [q[i] as number[]]).value));
    const want = ofRows + mean(squares) * unlike(transposed(p), transposed(q)).value;
    const temperature = tf.tensor2d(temperatures, [4, 1]);
    const got = dist()({ student: tf.tensor2d(student), teacher: tf.tensor2d(teacher), temperature }).dataSync()[0] as number;
    expect(Math.abs(got - want) / want).toBeLessThan(1e-5);
  });
});

function expectClose(x: number[][], y: number[][], temperature: number): void {
  tf.tidy(() => {
    const want = closedForm(x, y, temperature);
    const teacher = tf.tensor2d(y);
    const loss = (student: tf.Tensor): tf.Tensor => dist({ scale: 'none' })({ student, teacher, temperature });
    expect(Math.abs((loss(tf.tensor2d(x)).dataSync()[0] as number) - want.value) / want.value).toBeLessThan(1e-5);
    const largest = Math.max(...want.gradient.map(Math.abs));
    tf.grad(loss)(tf.tensor2d(x))
      .dataSync()
      .forEach((got, i) => expect(Math.abs(got - (want.gradient[i] as number)) / largest).toBeLessThan(1e-5));
  });
}
