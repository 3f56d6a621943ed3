import type * as tf from '@tensorflow/tfjs-core';
import type { Batch, DataSet } from '../contracts/data.js';
import { TemperError } from '../errors.js';
import { isTensor, takeFailure } from '../is-tensor.js';
import { reasonOf } from '../reason.js';

/**
 * Requests samples from a data set, which may be a user's own.
 * @throws TemperError `data/invalid` where `batch` throws or returns no batch of these samples.
 */
export async function askBatch(data: Pick<DataSet, 'batch'>, indices: Int32Array): Promise<Batch> {
  let batch: Partial<Batch> | undefined;
  try {
    batch = await data.batch(indices);
  } catch (error) {
    throw failure(`its function "batch" fails for samples ${shown(indices)}`, error);
  }
  try {
    checkPart(batch?.inputs, 'inputs', indices);
    checkPart(batch?.labels, 'labels', indices);
    if (batch?.mask !== undefined) checkPart(batch.mask, 'mask', indices);
  } catch (error) {
    disposeParts(batch);
    throw failure('its function "batch" returns an object that cannot be read', error);
  }
  return batch as Batch;
}

/** Disposes the tensors of a batch that cannot be used; a getter in it may throw. */
function disposeParts(batch: object | undefined): void {
  for (const { value } of Object.values(Object.getOwnPropertyDescriptors(batch ?? {})) as PropertyDescriptor[]) {
    const part: unknown = value;
    if (isTensor(part)) part.dispose();
  }
}

/**
 * Returns the labels of samples, by default of all, where a data set knows them without the inputs.
 * @throws TemperError `data/invalid` where `labels` throws or returns another value.
 */
export function askLabels(
  data: Pick<DataSet, 'labels' | 'size'>,
  indices = Int32Array.from({ length: data.size }, (_, i) => i),
): Int32Array | undefined {
  if (data.labels === undefined) return undefined;
  let list: unknown;
  try {
    const labels: unknown = data.labels(indices);
    takeFailure(labels);
    list = isFilled(labels) ? Int32Array.from(labels, Number) : labels;
  } catch (error) {
    throw failure(`its function "labels" fails for samples ${shown(indices)}`, error);
  }
  if (ArrayBuffer.isView(list) && 'length' in list) {
    const { length } = list as Int32Array;
    if (length > 0 && length % indices.length === 0) return list as Int32Array;
  }
  throw refuse(`its function "labels" must return the labels of ${indices.length} samples in an Int32Array`);
}

/**
 * Returns the fingerprint that a data set provides.
 * @throws TemperError `data/invalid` where `fingerprint` throws or returns no text.
 */
export async function askFingerprint(data: Pick<DataSet, 'fingerprint'>): Promise<string | undefined> {
  let fingerprint: unknown;
  try {
    fingerprint = await data.fingerprint?.();
  } catch (error) {
    throw failure('its function "fingerprint" fails', error);
  }
  if (fingerprint === undefined || typeof fingerprint === 'string') return fingerprint;
  throw refuse('its function "fingerprint" must return a text');
}

/** Returns whether a list has its first and last member: a list of four billion missing members would take all memory. */
const isFilled = (value: unknown): value is readonly unknown[] => Array.isArray(value) && 0 in value && value.length - 1 in value;

const failure = (what: string, error: unknown): TemperError =>
  error instanceof TemperError ? error : refuse(`${what}: ${reasonOf(error)}`, error);

function checkPart(part: tf.Tensor | undefined, name: string, indices: Int32Array): void {
  if (!isTensor(part))
    throw refuse(`its function "batch" must return an object with inputs and labels, two tensors; its ${name} are not a tensor`);
  if (part.shape[0] === indices.length) return;
  throw refuse(`its function "batch" returns ${name} of shape [${part.shape.join(', ')}] for ${indices.length} samples`);
}

const shown = (indices: Int32Array): string => `${indices.slice(0, 3).join(', ')}${indices.length > 3 ? ', …' : ''}`;

const refuse = (message: string, cause?: unknown): TemperError =>
  new TemperError({
    code: 'data/invalid',
    path: 'data',
    message,
    hint: 'The error comes from the code of the data set.',
    ...(cause === undefined ? {} : { cause }),
  });
