import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createKit, type RandomStream, sizeOf } from '@temper/core';
import { data } from '@temper/data';
import { loadBackend, node } from '@temper/node';
import { changedBytes } from '../change-bytes.js';
import { changedValue } from '../change-value.js';
import { oddNumbers, oneOf } from '../odd-values.js';
import { scratch } from '../scratch.js';
import type { Target } from '../target.js';
import { useData } from '../use-data.js';

/** The bytes of a number of each type in the format. */
const sizes: Readonly<Record<number, number>> = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 };

/** Returns an IDX file whose numbers are small. */
function file(type: number, shape: readonly number[], value: (i: number) => number): Buffer {
  const count = sizeOf(shape);
  const size = sizes[type] as number;
  const bytes = Buffer.alloc(4 + 4 * shape.length + count * size);
  bytes.set([0, 0, type, shape.length]);
  shape.forEach((length, axis) => bytes.writeUInt32BE(length, 4 + 4 * axis));
  for (let i = 0; i < count; i++) {
    const at = 4 + 4 * shape.length + i * size;
    if (type === 13) bytes.writeFloatBE(value(i), at);
    else if (type === 14) bytes.writeDoubleBE(value(i), at);
    else bytes.writeUIntBE(value(i), at, size);
  }
  return bytes;
}

const labels = file(8, [24], (i) => i % 3);
const images = [8, 9, 11, 12, 13, 14]
  .map((type) => file(type, [24, 3, 2], (i) => (i * 7) % 100))
  .concat(file(8, [24, 2, 2, 3], (i) => i % 256));
const options = [{ classes: 3 }, { classes: 3, limit: 10, validation: 0.2, test: 0.3, seed: 2 }, { classes: 4, firstLabel: 0, memory: 60 }];

/** IDX files of images and labels, compressed or not, and their options. */
export const idx: Target = {
  name: 'idx',
  what: 'IDX files',
  async start() {
    await loadBackend('cpu');
    const { folder, close } = await scratch();
    const kit = createKit({ plugins: [data, node()] });
    const paths = { images: join(folder, 'train-images-idx3-ubyte'), labels: join(folder, 'train-labels-idx1-ubyte') };
    return {
      close,
      async attempt(random) {
        const [first, second] = changed(random);
        await writeFile(paths.images, first);
        await writeFile(paths.labels, second);
        const valid = oneOf(options, random);
        const given = random.integer(5) === 0 ? (Object(changedValue(valid, random, { donors: options })) as object) : valid;
        const places = random.integer(4) === 0 ? { folder } : paths;
        const shown = { images: first.toString('base64'), labels: second.toString('base64'), given };
        return { given: shown, run: () => useData(kit.data({ ...given, type: 'idx', ...places } as never)) };
      },
    };
  },
};

function changed(random: RandomStream): readonly [Buffer, Buffer] {
  const image = oneOf(images, random);
  const change = (bytes: Buffer): Buffer => {
    const other = random.integer(3) === 0 ? withOtherHeader(bytes, random) : Buffer.from(changedBytes(bytes, random, [labels, image]));
    return random.integer(6) === 0 ? gzipSync(other) : other;
  };
  const what = random.integer(4);
  return [what === 0 ? image : change(image), what < 2 ? change(labels) : labels];
}

/** Returns a file with another type, number of dimensions or length. */
function withOtherHeader(bytes: Buffer, random: RandomStream): Buffer {
  const copy = Buffer.from(bytes);
  const odd = oneOf(oddNumbers, random);
  const length = Number.isFinite(odd) ? Math.min(Math.max(0, Math.floor(odd)), 2 ** 32 - 1) : 2 ** 32 - 1;
  const what = random.integer(4);
  if (what < 2) copy[2 + what] = random.integer(what === 0 ? 16 : 256);
  else copy.writeUInt32BE(length, 4 + 4 * random.integer((bytes[3] as number) || 1));
  return copy;
}
