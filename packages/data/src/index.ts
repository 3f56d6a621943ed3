import { definePlugin } from '@temper/core';
import { csv } from './csv.js';
import { digits } from './digits.js';
import { idx } from './idx.js';

export { csv, digits, idx };

/**
 * Data sets: `digits` (drawn, nothing to download), `idx` (MNIST and its relatives) and `csv`.
 * @example createKit({ plugins: [data] }).data({ type: 'digits', seed: 1 })
 */
export const data = definePlugin({ name: 'data', provides: [digits, idx, csv] });
