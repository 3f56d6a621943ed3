import { tf } from '#libraries';
import type { DataSet, Preparation } from '../contracts/data.js';
import { ignoredLabel } from '../counted.js';
import { TemperError } from '../errors.js';
import { isList } from '../is-record.js';
import { limits } from '../limits.js';
import { checkFacts } from '../preparation/check-preparation.js';
import { sizeOf } from '../shape.js';
import { contentHash, type ContentHash } from './content-hash.js';
import { checkIndices } from './indices.js';

/** Samples in memory, one after the other. */
export interface ArrayData {
  /**
   * `size × product(inputShape)` numbers. Floats are kept as they are; bytes stay bytes in memory and become floats in
   * each batch; 32-bit integers (token ids) give int32 batches.
   */
  readonly inputs: Float32Array | Uint8Array | Uint8ClampedArray | Int32Array;
  /**
   * Integers from 0 (or `firstLabel`) to classes − 1 above it, or −100 for positions that are not counted: one for each sample, or
   * `product(labelShape)` of them.
   */
  readonly labels: Int32Array | Uint8Array | readonly number[];
  /** Shape of one sample, for instance `[28, 28, 1]`. */
  readonly inputShape: readonly number[];
  /** Shape of one sample's labels: `[]` (default) for one label, `[length]` for one at each position. */
  readonly labelShape?: readonly number[];
  readonly classes: number;
  /** The label of the first class. Default 0; the batches have labels from 0 in any case. */
  readonly firstLabel?: number;
  /** Factor of bytes in batches; `1 / 255` brings them to 0 … 1. Default 1. */
  readonly scale?: number;
  /**
   * How raw samples became `inputs`, so that a saved student can do the same. Default: for bytes the factor `scale`, for floats not known.
   */
  readonly preparation?: Preparation;
  /** Names of the classes, in order. */
  readonly classNames?: readonly string[];
  /** Names of the numbers of a sample, in order: the columns of a table. */
  readonly inputNames?: readonly string[];
  /** The origin of the samples, for messages: the name of a file. */
  readonly source?: string;
}

/**
 * A data set over typed arrays. The arrays are kept, not copied, and must not change afterwards.
 * A batch of n samples has inputs `[n, ...inputShape]` (float32, or int32 for token ids) and int32 labels `[n, ...labelShape]`.
 * @throws TemperError `data/invalid` for no samples, sizes that do not agree, NaN or infinite inputs, and labels outside
 * of the classes, naming the sample and the fault.
 * @example
 * const images = arrayDataSet({ inputs: bytes, labels: [3, 1, 4], inputShape: [28, 28, 1], classes: 10, scale: 1 / 255 });
 * const { inputs, labels } = await images.batch(Int32Array.of(2, 0)); // [2, 28, 28, 1] and [2]
 */
export function arrayDataSet(data: ArrayData): DataSet {
  const { inputs, labels, inputShape, labelShape = [], classes, firstLabel = 0, scale = 1 } = data;
  const { size, width, labelWidth } = check(data);
  const kept = new Int32Array(labels);
  if (firstLabel !== 0) for (let i = 0; i < kept.length; i++) if (kept[i] !== ignoredLabel) kept[i] = (kept[i] as number) - firstLabel;
  const isToken = tagOf(inputs) === 'Int32Array';

  // A table converts bytes to floats in a quarter of the time of a copy and a multiplication.
  const table = isBytes(inputs) ? Float32Array.from({ length: 256 }, (_, byte) => byte * scale) : undefined;

  const gatherInputs = (indices: Int32Array): Numbers =>
    table === undefined
      ? gather<Numbers>(inputs, indices, width, isToken ? Int32Array : Float32Array)
      : lookUp(table, inputs, indices, width);
  const facts = { inputShape, classes, ...described(data, table === undefined ? undefined : scale) };
  checkFacts(facts);
  return {
    ...facts,
    size,
    inMemory: true,
    labels: (indices) => gather(kept, indices, labelWidth, Int32Array),
    fingerprint() {
      const hash = contentHash();
      hash.add(inputs);
      return fingerprintOf(hash, kept, data);
    },
    batch(indices) {
      checkIndices(indices, size);
      return {
        inputs: tf.tensor(gatherInputs(indices), [indices.length, ...inputShape], isToken ? 'int32' : 'float32'),
        labels: tf.tensor(gather(kept, indices, labelWidth, Int32Array), [indices.length, ...labelShape], 'int32'),
      };
    },
  };
}

/** Adds the labels and the properties of the samples to the hash of their inputs. */
export function fingerprintOf(hash: ContentHash, labels: Int32Array, data: Omit<ArrayData, 'inputs' | 'labels'>): string {
  const { inputShape, labelShape = [], classes, scale = 1, preparation } = data;
  hash.add(labels);
  hash.add(JSON.stringify([inputShape, labelShape, classes, scale, preparation ?? null]));
  return hash.digest();
}

/** Returns the properties of the samples; scaled bytes have their factor as the preparation. */
function described({ preparation, classNames, inputNames }: ArrayData, byteScale: number | undefined): Partial<DataSet> {
  const own: Preparation | undefined =
    byteScale === undefined ? undefined : byteScale === 1 ? { type: 'none' } : { type: 'scale', factor: byteScale };
  const known = preparation ?? own;
  return {
    ...(known === undefined ? {} : { preparation: known }),
    ...(classNames === undefined ? {} : { classNames }),
    ...(inputNames === undefined ? {} : { inputNames }),
  };
}

type Numbers = Float32Array | Int32Array;

function gather<T extends Numbers>(from: ArrayData['inputs'], indices: Int32Array, width: number, into: new (length: number) => T): T {
  const values = new into(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    const start = (indices[i] as number) * width;
    values.set(from.subarray(start, start + width), i * width);
  }
  return values;
}

function lookUp(table: Float32Array, from: ArrayData['inputs'], indices: Int32Array, width: number): Float32Array {
  const values = new Float32Array(indices.length * width);
  let at = 0;
  for (const index of indices) {
    for (let i = index * width, end = i + width; i < end; i++) values[at++] = table[from[i] as number] as number;
  }
  return values;
}

// By tag, not instanceof: arrays of another realm (a worker, a test runner's sandbox) count too.
const tagOf = (values: unknown): string => Object.prototype.toString.call(values).slice(8, -1);
const isBytes = (values: unknown): boolean => ['Uint8Array', 'Uint8ClampedArray'].includes(tagOf(values));

function check({ inputs, labels, inputShape, labelShape = [], classes, firstLabel = 0, scale = 1, source }: ArrayData) {
  const where = source === undefined ? '' : ` (${source})`;
  if (!isBytes(inputs) && !['Float32Array', 'Int32Array'].includes(tagOf(inputs))) {
    refuse('inputs', `must be a Float32Array, Uint8Array or Int32Array, got ${tagOf(inputs)}${where}`);
  }
  if (!Array.isArray(labels) && !['Int32Array', 'Uint8Array'].includes(tagOf(labels))) {
    refuse('labels', `must be an Int32Array, Uint8Array or list of numbers, got ${tagOf(labels)}${where}`);
  }
  for (const [name, shape] of Object.entries({ inputShape, labelShape })) {
    const sound = isList(shape, limits.dimensions) && shape.every((length) => Number.isInteger(length) && length >= 1);
    if (!sound) refuse(name, `must be a list of positive whole numbers, got ${JSON.stringify(shape)}${where}`);
  }
  if (!(Number.isInteger(classes) && classes >= 2)) refuse('classes', `must be a whole number of at least 2, got ${classes}${where}`);
  if (!Number.isFinite(scale)) refuse('scale', `must be a finite number, got ${scale}${where}`);

  const width = sizeOf(inputShape);
  const labelWidth = sizeOf(labelShape);
  const size = labels.length / labelWidth;
  if (labels.length === 0) refuse('labels', `must have at least one sample, got none${where}`);
  if (!Number.isInteger(size)) refuse('labels', `must have ${labelWidth} labels for each sample, got ${labels.length} in all${where}`);
  if (inputs.length !== size * width) {
    refuse(
      'inputs',
      `must have ${size * width} numbers for ${size} samples of shape [${inputShape.join(', ')}], got ${inputs.length}${where}`,
    );
  }
  checkFinite(inputs, width, where);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (label !== ignoredLabel && !(Number.isInteger(label) && label >= firstLabel && label < firstLabel + classes)) {
      const position = labelWidth === 1 ? `[${i}]` : `[${Math.floor(i / labelWidth)}][${i % labelWidth}]`;
      refuse(
        `labels${position}`,
        `must be an integer from ${firstLabel} to ${firstLabel + classes - 1}, got ${label}${where}`,
        startOf(labels, classes, firstLabel),
      );
    }
  }
  return { size, width, labelWidth };
}

function checkFinite(inputs: ArrayData['inputs'], width: number, where: string): void {
  if (tagOf(inputs) !== 'Float32Array') return;
  for (let i = 0; i < inputs.length; i++) {
    if (!Number.isFinite(inputs[i])) {
      refuse(`inputs[${Math.floor(i / width)}]`, `must be finite numbers, got ${inputs[i]} as number ${i % width} of the sample${where}`);
    }
  }
}

/** Returns a hint for labels from 1 to the number of classes, which are usual in other tools. */
function startOf(labels: ArrayData['labels'], classes: number, firstLabel: number): string | undefined {
  let [least, most] = [Infinity, -Infinity];
  for (const label of labels) if (label !== ignoredLabel) [least, most] = [Math.min(least, label), Math.max(most, label)];
  const fits = Number.isInteger(least) && least !== firstLabel && most - least < classes && least >= 0;
  return fits ? `The labels start at ${least}: set firstLabel: ${least}.` : undefined;
}

function refuse(path: string, message: string, hint?: string): never {
  throw new TemperError({ code: 'data/invalid', path, message, ...(hint === undefined ? {} : { hint }) });
}
