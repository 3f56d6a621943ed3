import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogitsStore } from '@temper/core';
import { decodeSafetensors, encodeSafetensors } from '../checkpoints/safetensors.js';
import { writeWhole } from './durable.js';

/** Keeps logits as safetensors in a folder, one file for each network and data set. */
export const diskLogits = (folder: string): LogitsStore => ({
  async read(key) {
    try {
      const found = decodeSafetensors(await readFile(fileOf(folder, key))).arrays['logits'];
      return found?.data instanceof Float32Array ? { values: found.data, shape: found.shape.slice(1) } : undefined;
    } catch {
      // Absent or damaged files are computed again.
      return undefined;
    }
  },
  async write(key, { values, shape }) {
    await mkdir(folder, { recursive: true });
    const size = values.length / shape.reduce((product, one) => product * one, 1);
    await writeWhole(fileOf(folder, key), encodeSafetensors({ logits: { dtype: 'float32', data: values, shape: [size, ...shape] } }));
  },
});

const fileOf = (folder: string, key: string): string => join(folder, `${key}.safetensors`);
