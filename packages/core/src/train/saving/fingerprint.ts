import * as tf from '@tensorflow/tfjs-core';
import type { DataSet } from '../../contracts/data.js';
import { askBatch, askFingerprint, askLabels } from '../../data/ask.js';
import { contentHash } from '../../data/content-hash.js';
import type { Json } from '../../json.js';
import { inOrder } from '../../data/sampler.js';

/** The fingerprints that a run keeps of its data, by the data's path in the config, so that it is not resumed with other data. */
export type DataFingerprints = Readonly<Record<string, DataFingerprint>>;

/** Identifies the content of a data set; plain JSON. */
export interface DataFingerprint {
  readonly size: number;
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** Hash of the content; absent if the samples vary. */
  readonly content?: string;
  /** Hash of the names of classes and inputs; absent in checkpoints of earlier versions. */
  readonly names?: string;
}

/** For a data set without a fingerprint of its own, samples of at most this many bytes are read: all of them, or evenly spaced ones. */
const mostBytes = 2 ** 26;
const batchSize = 256;

/** Computes the fingerprints of the data sets of a run. */
export async function fingerprintsOf(sets: Readonly<Record<string, DataSet>>): Promise<DataFingerprints> {
  const found: Record<string, DataFingerprint> = {};
  for (const [name, data] of Object.entries(sets)) {
    const { size, inputShape, classes } = data;
    const content = data.varying === true ? undefined : ((await askFingerprint(data)) ?? (await hashOf(data)));
    found[name] = { size, inputShape: [...inputShape], classes, ...(content === undefined ? {} : { content }), names: hashOfNames(data) };
  }
  return found;
}

function hashOfNames({ classNames = [], inputNames = [] }: DataSet): string {
  const hash = contentHash();
  hash.add(JSON.stringify([classNames, inputNames]));
  return hash.digest();
}

async function hashOf(data: DataSet): Promise<string> {
  const hash = contentHash();
  const labels = askLabels(data);
  if (labels !== undefined) hash.add(labels);
  const bytes = 4 * tf.util.sizeFromShape([...data.inputShape]) + 4;
  const count = Math.max(1, Math.min(data.size, Math.floor(mostBytes / bytes)));
  for (const places of inOrder(count, batchSize)) {
    const { inputs, labels, mask } = await askBatch(
      data,
      places.map((place) => Math.floor((place * data.size) / count)),
    );
    const tensors = [inputs, labels, ...(mask === undefined ? [] : [mask])];
    for (const tensor of tensors) hash.add(await tensor.data());
    tf.dispose(tensors);
  }
  return hash.digest();
}

/** A difference between the data of a run and the data with which it is resumed. */
export interface DataChange {
  /** `data.train`, `stages[1].data`. */
  readonly path: string;
  readonly what: string;
}

/** Lists what differs in the data now; empty if the run has kept no fingerprints. */
export function dataChanges(before: DataFingerprints | undefined, now: DataFingerprints): DataChange[] {
  if (before === undefined) return [];
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((path) => {
    const [was, is] = [before[path], now[path]];
    // Added or removed data are a change of the config, which is compared separately.
    if (was === undefined || is === undefined) return [];
    const parts = (['size', 'classes', 'inputShape'] as const).flatMap((key) => {
      const [old, fresh] = [was[key], is[key]].map((value: Json) => JSON.stringify(value));
      return old === fresh ? [] : [`${names[key]} ${old} → ${fresh}`];
    });
    // Samples that vary have no content to compare; a change of size already shows that the data differ.
    const content = was.content !== undefined && is.content !== undefined && was.content !== is.content && parts.length === 0;
    const named = was.names !== undefined && is.names !== undefined && was.names !== is.names && parts.length === 0;
    const what = [
      ...parts,
      ...(content ? ['other samples or labels, in the same number'] : []),
      ...(named ? ['other names of classes or columns'] : []),
    ];
    return what.length === 0 ? [] : [{ path, what: what.join(', ') }];
  });
}

const names = { size: 'samples', classes: 'classes', inputShape: 'shape' } as const;
