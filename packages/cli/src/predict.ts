import {
  limits,
  prepareSamples,
  TemperError,
  type ClassProbabilities,
  type OpenFile,
  type Prediction,
  type Sample,
  type Student,
} from '@temper/core';
import { samplePortions } from '@temper/data';
import { loadStudent, nodeFiles } from '@temper/node';
import { percent } from '@temper/node/reporters';
import type { PredictFlags } from './flags.js';
import { cut, table } from './table.js';
import type { Terminal } from './terminal.js';

/** Samples in one batch. */
const batchSize = 1024;

/**
 * Prints the predictions of a saved student for the samples of a file, portion by portion, so that a file may be larger than the memory.
 */
export async function predict(given: string, { input, top, temperature, runs, json }: PredictFlags, terminal: Terminal): Promise<void> {
  const source = input === '-' ? 'stdin' : input;
  const file = input === '-' ? inMemory(await readStdin()) : await nodeFiles.open(input);
  const student = await loadStudent(given, { runs });
  try {
    const { inputs, preparation, classes } = student.description;
    const wanted = { shape: inputs.shape, names: inputs.names, isText: preparation?.type === 'vocabulary' };
    const portions = () => samplePortions(file, source, wanted) as AsyncIterable<Sample[]>;
    const shown = Math.min(top, classes.length);
    const found = await checked(portions(), source, student);
    const print = json === true ? printJsonLines(shown, terminal) : printTable(shown, found, classes, terminal);
    let before = 0;
    for await (const samples of found.all ?? portions()) {
      print(await guarded(source, before, () => student.predict(samples, { temperature, batchSize })), before);
      before += samples.length;
    }
  } finally {
    student.dispose();
  }
}

/** The samples of a file after all of them were checked. */
interface Found {
  readonly count: number;
  /** The samples themselves, where they are few. */
  readonly all?: readonly Sample[][];
}

/** Checks all samples before the first line of output: an error in the last sample must not come after half of a table. */
async function checked(portions: AsyncIterable<Sample[]>, source: string, { description }: Student): Promise<Found> {
  let first: Sample[] | undefined;
  let count = 0;
  for await (const samples of portions) {
    await guarded(source, count, () => prepareSamples(samples, description));
    first = count === 0 ? samples : undefined;
    count += samples.length;
  }
  return { count, ...(first === undefined ? {} : { all: [first] }) };
}

type Print = (predictions: readonly Prediction[], before: number) => void;

const printJsonLines =
  (shown: number, terminal: Terminal): Print =>
  (predictions, before) =>
    predictions.forEach((one, index) => terminal.out(JSON.stringify(document(one, before + index, shown))));

/** Prints a table; where it is printed in parts, its columns have their maximum width. */
function printTable(shown: number, { count, all }: Found, classes: readonly string[], terminal: Terminal): Print {
  const widest = classes.reduce((most, name) => Math.max(most, cut(name, 30).length), 0);
  const [ofNumber, ofName, ofShare] = all === undefined ? [String(count).length, widest, percent(1).length] : [0, 0, 0];
  const head = [
    'sample',
    'class',
    'probability',
    ...Array.from({ length: shown - 1 }, (_, i) => [`${i + 2}. class`, 'probability']).flat(),
  ];
  const left = head.flatMap((name, column) => (name.endsWith('class') ? [column] : []));
  return (predictions, before) => {
    const rows = predictions.map((one, index) => [
      String(before + index + 1).padStart(ofNumber),
      ...likeliest(one, shown).flatMap(({ name, probability }) => [cut(name, 30).padEnd(ofName), percent(probability).padStart(ofShare)]),
    ]);
    const [first = '', ...rest] = table([head, ...rows], left);
    terminal.out([...(before === 0 ? [terminal.colors.out.dim(first)] : []), ...rest].join('\n'));
  };
}

/** Adds the file to errors of samples, and counts the samples from the start of the file. */
async function guarded<T>(source: string, before: number, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof TemperError) || error.code !== 'data/invalid') throw error;
    const [list, index, ...rest] = error.path;
    const path = typeof index === 'number' ? [list as PropertyKey, before + index, ...rest] : error.path;
    throw new TemperError({ ...error.details, path, message: `${error.details.message} (${source})` });
  }
}

interface Ranked {
  readonly name: string;
  readonly probability: number;
}

function likeliest({ probabilities }: ClassProbabilities, top: number): Ranked[] {
  return Object.entries(probabilities)
    .map(([name, probability]) => ({ name, probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, top);
}

function document({ positions, ...one }: Prediction, index: number, top: number): object {
  return {
    sample: index + 1,
    ...one,
    ...(top === 1 ? {} : { top: likeliest(one, top).map(({ name, probability }) => ({ class: name, probability })) }),
    ...(positions === undefined ? {} : { positions: positions.map(({ class: name, probability }) => ({ class: name, probability })) }),
  };
}

/** Reads all of stdin, up to the limit of a file. */
async function readStdin(): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of process.stdin) {
    length += (part as Uint8Array).length;
    if (length > limits.fileBytes) {
      const most = limits.fileBytes.toLocaleString('en');
      throw new TemperError({
        code: 'data/invalid',
        message: `stdin: holds more than ${most} bytes; at most ${most} are read at once`,
        hint: 'Give the samples in parts.',
      });
    }
    parts.push(part as Uint8Array);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** Wraps bytes as a file. */
const inMemory = (bytes: Uint8Array): OpenFile => ({
  size: bytes.length,
  stored: bytes.length,
  async *chunks() {
    yield bytes;
  },
  pieces: () => Promise.reject(new TemperError({ code: 'data/invalid', message: 'stdin: cannot be read out of order' })),
});
