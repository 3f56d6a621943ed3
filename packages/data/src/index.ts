import { definePlugin } from '@temper/core';
import { csv } from './csv.js';
import { digits } from './digits.js';
import { idx } from './idx.js';
import { text } from './text.js';

export type { Column } from './files/layout.js';
export type { Room } from './files/number-store.js';
export type { TableOptions } from './files/read-table.js';
export { readLabelled, type LabelledFor } from './files/read-labelled.js';
export { samplePortions } from './files/sample-portions.js';
export { readSamples, type SamplesFor } from './files/read-samples.js';
export { csv, digits, idx, text };
export { kindOfFile, type KindOfFile } from './files/kind-of-file.js';

/**
 * Data sets: `digits` (drawn, nothing to download), `idx` (MNIST and its relatives), `csv` and `text`.
 * @example createKit({ plugins: [data] }).data({ type: 'digits', seed: 1 })
 */
export const data = definePlugin({ name: 'data', provides: [digits, idx, csv, text] });
