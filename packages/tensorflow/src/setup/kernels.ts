import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TemperError } from '@temper/core';
import { discardFolder, makeFolder } from './cache.js';
import { compileAddon, nodeApiHeaders } from './compile-addon.js';
import type { SetupReporter } from './events.js';
import { lastLines } from './failures.js';
import type { Library } from './library.js';
import type { TfjsNode } from './tfjs-node.js';

const sources = fileURLToPath(new URL('../../kernels', import.meta.url));

/** Sets of instructions that kernels are compiled for; the processor's is chosen. */
const levels: Readonly<Record<string, readonly string[]>> = {
  baseline: [],
  ...(process.arch === 'x64'
    ? { avx2: ['-mavx2', '-mfma'], avx512: ['-mavx512f', '-mavx512dq', '-mavx512vl', '-mfma', '-mprefer-vector-width=512'] }
    : {}),
};

/**
 * Returns the path of the kernels in the cache: another source has another file, so a newer Temper compiles its own. A bundled Temper has
 * no sources.
 */
function kernelsPath(cache: string, library: string): string | undefined {
  if (!existsSync(sources)) return undefined;
  const hash = createHash('sha256');
  for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)));
  return join(cache, `kernels-${hash.digest('hex').slice(0, 12)}-${library}`, 'temper_kernels.node');
}

/** Returns the path of the kernels for a package's binding; undefined where the binding is not in the cache. */
export function installedKernels({ binding }: TfjsNode): string | undefined {
  const folder = existsSync(binding) ? dirname(realpathSync(binding)) : '';
  const library = /^(?:launcher-[0-9a-f]+-)?tfjs-node-.+-napi-v\d+-(.+)$/.exec(basename(folder))?.[1];
  return library === undefined ? undefined : kernelsPath(dirname(folder), library);
}

/** Returns the path of the file with the reason why kernels could not be compiled, so that not every start tries again. */
export const failureOf = (path: string): string => join(dirname(path), 'failure.txt');

/**
 * Compiles the kernels for a library of the cache if that was not tried before. They only make steps faster, so a
 * failure is reported, but the set-up does not fail. Libraries from the official archive lack the headers.
 */
export async function makeKernels(
  cache: string,
  library: Library,
  env: NodeJS.ProcessEnv,
  report: SetupReporter,
  force = false,
): Promise<void> {
  const path = kernelsPath(cache, library.key);
  if (path === undefined) return;
  if (force && !existsSync(path)) await discardFolder(dirname(path));
  if (existsSync(dirname(path)) || !existsSync(join(library.folder, 'include/tensorflow/c/kernels.h'))) return;
  report({ type: 'step', message: 'Compiling kernels that make recorded steps faster' });
  await makeFolder(dirname(path), async (folder) => {
    const target = join(folder, basename(path));
    try {
      await compile(library, target, env);
      await tryOut(target);
    } catch (error) {
      if (!(error instanceof TemperError)) throw error;
      await rm(target, { force: true });
      await writeFile(failureOf(target), error.details.message);
      report({ type: 'step', message: `Without them: ${error.details.message}` });
    }
  });
}

/** Loads the kernels in a separate process. */
async function tryOut(path: string): Promise<void> {
  const { execa } = await import('execa');
  const result = await execa(process.execPath, ['-e', 'process.dlopen({ exports: {} }, process.argv[1])', path], {
    reject: false,
    timeout: 60_000,
    env: { TF_CPP_MIN_LOG_LEVEL: '3', NODE_OPTIONS: '' },
  });
  if (result.exitCode !== 0)
    throw new TemperError({ code: 'environment/backend', message: `they do not load: ${lastLines(result.stderr, 3)}` });
}

function compile(library: Library, target: string, env: NodeJS.ProcessEnv): Promise<void> {
  return compileAddon(
    {
      parts: [
        { source: join(sources, 'register.cc'), options: [] },
        ...Object.entries(levels).map(([level, options]) => ({
          source: join(sources, 'instructions.cc'),
          options: [`-DTEMPER_LEVEL=${level}`, ...options],
        })),
      ],
      // Not -ffast-math: NaN and infinities must be visible in the loss.
      flags: ['-O3', '-fno-math-errno', '-fno-trapping-math', '-fvisibility=hidden', `-I${nodeApiHeaders()}`],
      linked: [library.link.find((name) => name.includes('framework')) ?? (library.link[0] as string)],
      linkOptions: process.platform === 'darwin' ? [] : ['-pthread'],
      target,
      failure: (program, output) => `compiling them with ${program} failed: ${lastLines(output, 3)}`,
    },
    library,
    env,
  );
}
