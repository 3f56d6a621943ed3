import { printable } from '@temper/core';
import { counted, percent, type Colors } from '@temper/node/reporters';
import { signed, type AtTemperature, type Change, type Inspection } from '@temper/report';
import { cut, table } from '../table.js';
import { softRows } from './soft-rows.js';
import type { Softened } from './softened.js';

/** An inspection and its inputs. */
export interface Inspected extends Inspection {
  readonly network: string;
  readonly part: string;
  readonly samples: readonly (Softened & { readonly sample: number })[];
  readonly shownTemperatures: readonly number[];
}

/** The maximum number of classes whose matrix fits a terminal. */
const mostClasses = 12;
const mostRows = 20;
const shades = [' ', '░', '▒', '▓', '█'];

/** Formats an inspection for the terminal. */
export function inspectionText(inspected: Inspected, { bold, dim }: Colors): string {
  const { network, part, predictions, accuracy, temperatures, at, claim } = inspected;
  const section = (title: string, rows: readonly (readonly string[])[], left?: readonly number[]): string[] => {
    const [head = '', ...rest] = table(rows, left);
    return ['', bold(title), dim(head), ...rest];
  };
  return [
    `${bold(printable(network))} on ${counted(predictions, 'prediction')} of the ${part} part: accuracy ${percent(accuracy)}`,
    ...section('temperature: means over all predictions; information, entropy and contrast in nats', temperatureRows(temperatures)),
    ...(inspected.similarity.names.length <= mostClasses
      ? section(`similarity at T = ${at}: mean probabilities in percent, a row for each class of the samples`, matrixRows(inspected))
      : section(`most similar classes at T = ${at}`, pairRows(inspected), [0, 1])),
    ...section(`classes at T = ${at}`, classRows(inspected), [0, 3]),
    ...inspected.samples.flatMap((one) =>
      section(
        `sample ${one.sample}, label ${cut(printable(one.label ?? 'none'), 30)}`,
        softRows([{ name: '', classes: one.classes }], inspected.shownTemperatures, 5),
      ),
    ),
    ...section('from T = 1 to T = 10', [
      ['', 'T = 1', 'T = 10', 'change'],
      changeRow('information', claim.information),
      changeRow('entropy', claim.entropy),
      changeRow('contrast', claim.contrast),
    ]),
    '',
    claim.text,
  ].join('\n');
}

const digits = (value: number): string => (value !== 0 && value < 0.001 ? value.toExponential(1) : value.toFixed(3));

const temperatureRows = (temperatures: readonly AtTemperature[]): string[][] => [
  ['T', 'entropy', 'wrong classes', 'overlap', 'contrast', 'information'],
  ...temperatures.map(({ temperature, entropy, wrongMass, overlap, contrast, information }) => [
    String(temperature),
    digits(entropy),
    percent(wrongMass),
    digits(overlap),
    digits(contrast),
    digits(information),
  ]),
];

const changeRow = (name: string, { at1, at10, change }: Change): string[] => [
  name,
  digits(at1),
  digits(at10),
  change === undefined ? '–' : signed(change),
];

/** Returns a heat map: the shade is relative to the largest probability of a wrong class. */
function matrixRows({ similarity: { names, rows } }: Inspected): string[][] {
  const isWrong = (i: number, j: number): boolean => i !== j;
  const most = rows.reduce((all, row, i) => row.reduce((found, value, j) => (isWrong(i, j) ? Math.max(found, value) : found), all), 0);
  const shade = (value: number): string => shades[most === 0 ? 0 : Math.round((value / most) * (shades.length - 1))] as string;
  return [
    ['', ...names.map((name) => cut(printable(name), 8))],
    ...rows.map((row, i) => [
      cut(printable(names[i] as string), 20),
      ...row.map((value, j) => `${isWrong(i, j) ? shade(value) : ''}${(100 * value).toFixed(1).padStart(5)}`),
    ]),
  ];
}

function pairRows({ similarity: { names, rows }, omitted }: Inspected): string[][] {
  const pairs = rows.flatMap((row, i) => row.flatMap((value, j) => (i === j ? [] : [{ i, j, value }])));
  const top = pairs.sort((a, b) => b.value - a.value).slice(0, mostRows);
  return [
    ['samples of', 'look like', 'probability'],
    ...top.map(({ i, j, value }) => [cut(printable(names[i] as string), 30), cut(printable(names[j] as string), 30), percent(value)]),
    ...(omitted === 0 ? [] : [[`(${counted(omitted, 'class').replace(/ss(es|s)$/, 'sses')} not compared)`, '', '']]),
  ];
}

function classRows({ classes }: Inspected): string[][] {
  // Of very many classes only those with the least certain predictions are shown; the JSON document has all.
  const shown = classes.length <= mostRows ? classes : [...classes].sort((a, b) => b.entropy - a.entropy).slice(0, mostRows);
  return [
    ['class', 'samples', 'own', 'nearest', 'probability', 'entropy', 'information'],
    ...shown.map((one) => [
      cut(printable(one.class), 30),
      String(one.samples),
      percent(one.own),
      cut(printable(one.nearest.class), 20),
      percent(one.nearest.probability),
      digits(one.entropy),
      digits(one.information),
    ]),
    ...(classes.length > shown.length ? [[`… ${classes.length - shown.length} more (--json)`, '', '', '', '', '', '']] : []),
  ];
}
