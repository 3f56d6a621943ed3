import { tf } from '#libraries';
import type { Preparation } from '../contracts/data.js';
import { nearest, TemperError } from '../errors.js';
import { fitsNetwork } from '../preparation/check-preparation.js';
import { encode, prepare } from '../preparation/prepare.js';
import { sizeOf } from '../shape.js';
import type { StudentDescription } from './student-file.js';

/** Numbers in lists of any depth. */
export type Nested = number | readonly Nested[];

/**
 * One raw sample: its numbers in a list (nested or not), a typed array or a tensor; a record of them by the names of the inputs; or a
 * text, for a student that learned from texts.
 */
export type Sample = readonly Nested[] | ArrayLike<number> | tf.Tensor | Readonly<Record<string, unknown>> | string;

/** Inputs in the form that the network takes, one sample after the other. */
export interface PreparedSamples {
  readonly count: number;
  readonly values: Float32Array | Int32Array;
}

/**
 * Reads raw samples and prepares them in float64 where the network does not prepare them itself.
 * @throws TemperError `data/invalid` naming the sample and the fault.
 */
export async function prepareSamples(samples: readonly Sample[] | tf.Tensor, description: StudentDescription): Promise<PreparedSamples> {
  const { inputs, preparation } = description;
  const width = sizeOf(inputs.shape);
  const rows = await rowsOf(samples, description, width);
  rows.forEach((row, i) => checkRow(row, i, description, width));
  if (inputs.dtype === 'int32') {
    const ids = new Int32Array(rows.length * width);
    rows.forEach((row, i) => ids.set(row, i * width));
    return { count: rows.length, values: ids };
  }
  const isOutside = description.preparedIn === 'outside' && preparation !== undefined && preparation.type !== 'vocabulary';
  const raw = new (isOutside ? Float64Array : Float32Array)(rows.length * width);
  rows.forEach((row, i) => raw.set(row, i * width));
  return { count: rows.length, values: isOutside ? prepare(raw, preparation) : (raw as Float32Array) };
}

async function rowsOf(
  samples: readonly Sample[] | tf.Tensor,
  description: StudentDescription,
  width: number,
): Promise<ArrayLike<number>[]> {
  if (samples instanceof tf.Tensor) {
    const { shape } = description.inputs;
    const isBatch = samples.rank === shape.length + 1 && samples.shape.slice(1).join() === shape.join();
    if (!isBatch) throw invalid('samples', `must be a tensor of shape [samples, ${shape.join(', ')}], got [${samples.shape.join(', ')}]`);
    const values = await samples.data();
    refuseRounded(description, 'samples', 'a tensor');
    return Array.from({ length: samples.shape[0] as number }, (_, i) => values.subarray(i * width, (i + 1) * width));
  }
  if (!Array.isArray(samples))
    throw invalid('samples', 'must be a list of samples, or a tensor of them', 'Put one sample into a list: predict([sample]).');
  const list = samples as readonly Sample[];
  if (list.length > 0 && list.every((one) => typeof one === 'number')) {
    throw invalid('samples', 'must be a list of samples, got a list of numbers', 'Put one sample into a list: predict([sample]).');
  }
  return Promise.all(list.map((sample, i) => rowOf(sample, `samples[${i}]`, description)));
}

async function rowOf(sample: Sample, at: string, description: StudentDescription): Promise<ArrayLike<number>> {
  if (typeof sample === 'string') return textOf(sample, at, description);
  if (sample instanceof tf.Tensor) {
    refuseRounded(description, at, 'a tensor');
    return sample.data();
  }
  if (Array.isArray(sample)) return flat(sample as readonly Nested[]);
  if (ArrayBuffer.isView(sample)) {
    if (sample instanceof Float32Array) refuseRounded(description, at, 'a Float32Array');
    return sample as unknown as ArrayLike<number>;
  }
  if (typeof sample !== 'object' || sample === null)
    throw invalid(at, `must be numbers, a record of them or a text, got ${JSON.stringify(sample)}`);
  return recordOf(sample as Readonly<Record<string, unknown>>, at, description);
}

const flat = (nested: readonly Nested[]): number[] => (nested as readonly unknown[]).flat(Infinity) as number[];

function textOf(text: string, at: string, { preparation, inputs }: StudentDescription): Int32Array {
  if (preparation?.type !== 'vocabulary') throw invalid(at, `must be ${sizeOf(inputs.shape)} numbers or a record of them, got a text`);
  const length = sizeOf(inputs.shape);
  const characters = Array.from(text);
  if (characters.length < length) {
    throw invalid(
      at,
      `must have at least ${length} characters, got ${characters.length}`,
      'The student reads this many characters at once, and the last ones of a longer text.',
    );
  }
  return encode(characters.slice(-length).join(''), preparation.characters, at);
}

function recordOf(record: Readonly<Record<string, unknown>>, at: string, { inputs }: StudentDescription): number[] {
  if (inputs.names === undefined)
    throw invalid(at, 'is a record, but the inputs of this student have no names', `Give its ${sizeOf(inputs.shape)} numbers in a list.`);
  return inputs.names.map((name) => {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (typeof value === 'number') return value;
    if (value !== undefined) throw invalid(`${at}.${name}`, `must be a number, got ${JSON.stringify(value)}`);
    const near = nearest(
      name,
      Object.keys(record).filter((key) => inputs.names?.includes(key) !== true),
    );
    const others = Object.keys(record).slice(0, 10).join(', ') || 'nothing';
    throw invalid(at, `has no input "${name}"`, near === undefined ? `It holds ${others}.` : `Is it "${near}"?`);
  });
}

function checkRow(row: ArrayLike<number>, index: number, { inputs, preparation }: StudentDescription, width: number): void {
  const at = `samples[${index}]`;
  if (row.length !== width) throw invalid(at, `must have ${width} numbers (shape [${inputs.shape.join(', ')}]), got ${row.length}`);
  const most = preparation?.type === 'vocabulary' ? preparation.characters.length - 1 : undefined;
  for (let i = 0; i < row.length; i++) {
    const value: unknown = row[i];
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw invalid(`${at}[${inputs.names?.[i] ?? i}]`, `must be a finite number, got ${String(value)}`);
    }
    if (inputs.dtype !== 'int32') continue;
    if (Number.isInteger(value) && value >= 0 && value <= (most ?? 2 ** 31 - 1)) continue;
    throw invalid(`${at}[${i}]`, `must be a whole number from 0 to ${most ?? '2³¹ − 1'}, got ${value}`);
  }
}

/** Refuses float32 samples for a student whose raw values float32 cannot represent. */
function refuseRounded({ preparation }: { readonly preparation?: Preparation | undefined }, at: string, what: string): void {
  if (preparation?.type !== 'standardise' || fitsNetwork(preparation)) return;
  throw invalid(
    at,
    `is ${what}, whose float32 numbers cannot hold the raw values of this student's inputs`,
    'Give plain numbers or a Float64Array.',
  );
}

const invalid = (path: string, message: string, hint?: string): TemperError =>
  new TemperError({ code: 'data/invalid', path, message, ...(hint === undefined ? {} : { hint }) });
