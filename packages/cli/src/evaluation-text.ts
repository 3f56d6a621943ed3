import type { Evaluation } from '@temper/core';
import { counted, figure, percent, type Colors } from '@temper/node/reporters';
import { cut, table } from './table.js';

/** The maximum number of classes whose confusion matrix fits a terminal. */
const mostClasses = 12;
const mostRows = 20;

/** Formats an evaluation for the terminal. */
export function evaluationText(
  evaluation: Evaluation & { readonly student: string; readonly data: string },
  classes: readonly string[],
  { bold, dim }: Colors,
): string {
  const { student, data, samples, metrics, metricFacts } = evaluation;
  const section = (title: string, rows: readonly (readonly string[])[], left?: readonly number[]): string[] => {
    const [head = '', ...rest] = table(rows, left);
    return ['', bold(title), dim(head), ...rest];
  };
  const figures = Object.entries(metrics).map(([name, value]) => [name, figure(value, metricFacts[name])]);
  return [
    `${bold(student)} on ${counted(samples, 'sample')} of ${data}`,
    ...section('metrics', [['', 'value'], ...figures]),
    ...section('classes', classRows(evaluation)),
    ...(classes.length <= mostClasses
      ? section('confusion: a row for each class, a column for each prediction', matrixRows(evaluation, classes))
      : section('most frequent confusions', confusionRows(evaluation, classes), [0, 1])),
    ...section('calibration: samples by the probability of their predicted class', calibrationRows(evaluation)),
  ].join('\n');
}

const orNone = (value: number | null): string => (value === null ? '–' : percent(value));

function classRows({ perClass, macro, samples }: Evaluation): string[][] {
  const head = ['class', 'precision', 'recall', 'F1', 'samples'];
  // Of very many classes only the worst are shown; the JSON document has all.
  const shown =
    perClass.length <= mostRows
      ? perClass
      : [...perClass]
          .filter(({ support }) => support > 0)
          .sort((a, b) => (a.f1 ?? 0) - (b.f1 ?? 0))
          .slice(0, mostRows);
  const rows = shown.map((one) => [cut(one.class, 30), orNone(one.precision), orNone(one.recall), orNone(one.f1), String(one.support)]);
  const more = perClass.length - shown.length;
  return [
    head,
    ...rows,
    ...(more > 0 ? [[`… ${more} more (--json)`, '', '', '', '']] : []),
    ['mean', percent(macro.precision), percent(macro.recall), percent(macro.f1), String(samples)],
  ];
}

const matrixRows = ({ confusion }: Evaluation, classes: readonly string[]): string[][] => [
  ['', ...classes.map((name) => cut(name, 10))],
  ...confusion.map((row, i) => [cut(classes[i] as string, 30), ...row.map(String)]),
];

function confusionRows({ confusion }: Evaluation, classes: readonly string[]): string[][] {
  const wrong = confusion.flatMap((row, label) =>
    row.flatMap((count, predicted) => (count > 0 && label !== predicted ? [{ label, predicted, count }] : [])),
  );
  const top = wrong.sort((a, b) => b.count - a.count).slice(0, mostRows);
  return [
    ['class', 'predicted', 'samples'],
    ...top.map(({ label, predicted, count }) => [cut(classes[label] as string, 30), cut(classes[predicted] as string, 30), String(count)]),
  ];
}

const calibrationRows = ({ calibration }: Evaluation): string[][] => [
  ['probability', 'samples', 'mean', 'accuracy'],
  ...calibration
    .filter(({ count }) => count > 0)
    .map(({ from, to, count, confidence, accuracy }) => [
      `${percent(from)} – ${percent(to)}`,
      String(count),
      orNone(confidence),
      orNone(accuracy),
    ]),
];
