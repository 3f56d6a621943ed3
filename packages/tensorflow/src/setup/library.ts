import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TemperError } from '@temper/core';
import { z } from 'zod';

/** TensorFlow's C library in the cache: shared libraries in `lib`, headers in `include`. */
export interface Library {
  readonly folder: string;
  /** The folder's name, to which other folders of the cache refer. */
  readonly key: string;
  readonly tensorflow: string;
  /** Libraries to link against, by file name. */
  readonly link: readonly string[];
}

const manifest = z.object({ tensorflow: z.string(), files: z.record(z.string(), z.number()) });
const linkable = /^libtensorflow(?:_cc|_framework)?(?:\.so\.2|\.2\.dylib)$/;

/** Returns the name of a library's folder in the cache. */
export const libraryKey = (version: string, platform: string): string => `tensorflow-${version}-${platform}`;

/** The library of that name, or undefined where there is none or a file of it is missing or cut short. */
export async function findLibrary(cache: string, key: string): Promise<Library | undefined> {
  const folder = join(cache, key);
  try {
    const { tensorflow, files } = manifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
    for (const [name, bytes] of Object.entries(files)) {
      if ((await stat(join(folder, 'lib', name))).size !== bytes) return undefined;
    }
    return { folder, key, tensorflow, link: Object.keys(files).filter((name) => linkable.test(name)) };
  } catch {
    return undefined;
  }
}

/** Writes the description of a newly unpacked folder; a folder without it does not count as a library. */
export async function describeLibrary(folder: string, tensorflow: string): Promise<void> {
  const names = (await readdir(join(folder, 'lib')).catch(() => [])).sort();
  if (!names.some((name) => linkable.test(name))) {
    throw new TemperError({
      code: 'environment/backend',
      message: `the download of TensorFlow ${tensorflow} contains no TensorFlow library`,
      hint: 'An index or mirror serves another file; check `pip config list`.',
    });
  }
  const files = await Promise.all(names.map(async (name) => [name, (await stat(join(folder, 'lib', name))).size] as const));
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify({ tensorflow, files: Object.fromEntries(files) }, null, 2)}\n`);
}
