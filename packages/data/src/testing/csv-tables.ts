import { load } from './load.js';
import { memoryFiles } from './memory-files.js';

/** 20 flowers: `long` is 0 … 19, `wide` is 5 throughout, `kind` alternates. */
export const flowers = ['long,wide,kind', ...Array.from({ length: 20 }, (_, i) => `${i},5,${i % 2 === 0 ? 'rose' : 'aster'}`)].join('\n');
export const loaded = (text: string | Uint8Array, options: object = {}, more: Record<string, string> = {}) =>
  load({ type: 'csv', path: 'f.csv', label: 'kind', ...options }, memoryFiles({ 'f.csv': text, ...more }));
