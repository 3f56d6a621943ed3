import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { TemperError } from '@temper/core';
import yauzl from 'yauzl';
import { codeOf } from '../system/file-error.js';
import { memberTarget } from './wheels.js';

/**
 * Unpacks the library and its headers from a wheel into a folder, one member after the other and without holding one completely in
 * memory.
 */
export async function unpackWheel(file: string, folder: string): Promise<void> {
  try {
    const zip = await yauzl.openPromise(file);
    for await (const entry of zip.eachEntry()) {
      const target = memberTarget(entry.fileName);
      if (target === undefined) continue;
      await mkdir(dirname(join(folder, target)), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(join(folder, target)));
    }
  } catch (cause) {
    // The caller, which knows the folder, reports errors of the file system; all others are due to the archive.
    if (codeOf(cause) !== undefined) throw cause;
    throw new TemperError({
      code: 'environment/backend',
      message: `the downloaded TensorFlow cannot be unpacked: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'The download is truncated or damaged; run the set-up again.',
      cause,
    });
  }
}
