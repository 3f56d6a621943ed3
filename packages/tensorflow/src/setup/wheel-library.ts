import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from './cache.js';
import { downloadWheel } from './download-wheel.js';
import { megabytes, type SetupReporter } from './events.js';
import { checkFreeSpace } from './free-space.js';
import { checkHash } from './hash.js';
import { describeLibrary, libraryKey } from './library.js';
import { unpackWheel } from './unpack-wheel.js';
import type { Wheel } from './wheels.js';

/** Adds the library of a wheel to the cache: downloads, checks the hash, unpacks the needed files, deletes the wheel. */
export async function makeWheelLibrary(
  cache: string,
  platform: string,
  wheel: Wheel,
  env: NodeJS.ProcessEnv,
  report: SetupReporter,
): Promise<void> {
  // pip copies the finished download once, so for a moment there are two copies.
  await checkFreeSpace(cache, 2 * wheel.bytes + wheel.unpackedBytes);
  await makeFolder(join(cache, libraryKey(wheel.version, platform)), async (folder) => {
    report({
      type: 'step',
      message:
        `Downloading TensorFlow ${wheel.version} with pip (${wheel.distribution}, ${megabytes(wheel.bytes)}; nothing is ` +
        `installed into Python)`,
    });
    const file = await downloadWheel(wheel, join(folder, 'download'), env, report);
    report({ type: 'step', message: `Checking and unpacking it (${megabytes(wheel.unpackedBytes)})` });
    await checkHash(file, wheel.sha256);
    await unpackWheel(file, folder);
    await rm(join(folder, 'download'), { recursive: true });
    await describeLibrary(folder, wheel.version);
  });
}
