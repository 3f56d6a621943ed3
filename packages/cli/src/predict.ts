import { TemperError, type ClassProbabilities, type Prediction, type Sample } from '@temper/core';
import { readSamples } from '@temper/data';
import { loadStudent, nodeFiles } from '@temper/node';
import { percent } from '@temper/node/reporters';
import type { PredictFlags } from './commands/predict.js';
import { cut, table } from './table.js';
import type { Terminal } from './terminal.js';

/** Samples that are predicted and printed at once. */
const portion = 1024;

/** Prints what a saved student says of the samples of a file. */
export async function predict(given: string, { input, top, temperature, runs, json }: PredictFlags, terminal: Terminal): Promise<void> {
  const source = input === '-' ? 'stdin' : input;
  const bytes = input === '-' ? await readStdin() : await nodeFiles.read(input);
  const student = await loadStudent(given, { runs });
  try {
    const { inputs, preparation, classes } = student.description;
    const samples = readSamples(bytes, source, { shape: inputs.shape, names: inputs.names, isText: preparation?.type === 'vocabulary' });
    const shown = Math.min(top, classes.length);
    // All samples before the first line of output: a mistake in the last one must not come after half of a table.
    const predictions = await guarded(source, () => student.predict(samples as Sample[], { temperature, batchSize: portion }));
    if (json === true) {
      predictions.forEach((one, index) => terminal.out(JSON.stringify(document(one, index, shown))));
      return;
    }
    const head = ['sample', 'class', 'probability', ...Array.from({ length: shown - 1 }, (_, i) => [`${i + 2}. class`, 'probability']).flat()];
    const rows = predictions.map((one, index) => [String(index + 1), ...likeliest(one, shown).flatMap(({ name, probability }) => [cut(name, 30), percent(probability)])]);
    const left = head.flatMap((name, column) => (name.endsWith('class') ? [column] : []));
    const [first = '', ...rest] = table([head, ...rows], left);
    terminal.out([terminal.colors.out.dim(first), ...rest].join('\n'));
  } finally {
    student.dispose();
  }
}

/** Says which file a sample that cannot be used is in. */
async function guarded<T>(source: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof TemperError) || error.code !== 'data/invalid') throw error;
    throw new TemperError({ ...error.details, message: `${error.details.message} (${source})` });
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

async function readStdin(): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of process.stdin) parts.push(part as Uint8Array);
  return new Uint8Array(Buffer.concat(parts));
}
