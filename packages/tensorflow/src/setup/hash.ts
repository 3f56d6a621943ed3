import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { TemperError } from '@temper/core';

/** Throws where a file's SHA-256 differs from the expected one: a damaged or exchanged download. */
export async function checkHash(file: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  const found = hash.digest('hex');
  if (found === sha256) return;
  throw new TemperError({
    code: 'environment/backend',
    message: `the downloaded TensorFlow is not the expected file: SHA-256 ${found}, expected ${sha256}`,
    hint:
      'The download is damaged, or an index or proxy serves another file. It was not used; run the set-up again, or check ' +
      'at `pip config list`.',
  });
}
