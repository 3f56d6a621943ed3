import { invalid } from './invalid.js';

/** Numbers of samples one after the other, and their labels. */
export interface Rows {
  readonly inputs: Float64Array;
  readonly labels: readonly string[];
}

/**
 * Refuses test data from the training file itself.
 * @throws TemperError `data/invalid` where two files have the same content.
 */
export function checkOther(
  train: Uint8Array,
  test: Uint8Array,
  paths: { readonly train: string; readonly test: string },
  remedy: string,
): void {
  if (train.length !== test.length || !train.every((byte, i) => byte === test[i])) return;
  throw invalid(
    paths.test,
    `is the training file ${paths.train === paths.test ? 'itself' : paths.train}: a test on training samples says nothing`,
    remedy,
  );
}

/** A warning where many of the test samples are training samples as well, label included. */
export function overlapWarning(train: Rows, test: Rows, source: string): string[] {
  const known = new Set(keysOf(train));
  const tested = keysOf(test);
  const shared = tested.filter((key) => known.has(key)).length;
  if (shared * 10 < tested.length || shared === 0) return [];
  const share = shared === tested.length ? 'all' : `${shared} of`;
  return [`${source}: ${share} ${tested.length} test samples are training samples as well, so that the test flatters the student`];
}

/** Samples as texts of two hashes and the label; equal samples have the same. */
function keysOf({ inputs, labels }: Rows): string[] {
  const bytes = new Uint32Array(inputs.buffer, inputs.byteOffset, 2 * inputs.length);
  const words = bytes.length / labels.length;
  return Array.from({ length: labels.length }, (_, sample) => {
    let [one, two] = [0x811c9dc5, 0x9747b28c];
    for (let i = sample * words; i < (sample + 1) * words; i++) {
      one = Math.imul(one ^ (bytes[i] as number), 0x01000193);
      two = Math.imul(two ^ (bytes[i] as number), 0x5bd1e995) ^ (two >>> 15);
    }
    return `${one},${two},${labels[sample]}`;
  });
}
