import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TemperError } from '@temper/core';
import { findCompiler } from './compiler.js';
import type { Library } from './library.js';
import { toolEnvironment } from './tool-environment.js';

/** An add-on for Node over a library of the cache. */
export interface Addon {
  /** The sources, each compiled separately and in parallel. */
  readonly parts: readonly { readonly source: string; readonly options: readonly string[] }[];
  /** Flags of all parts. */
  readonly flags: readonly string[];
  /** The library's files to which it is linked. */
  readonly linked: readonly string[];
  readonly linkOptions?: readonly string[];
  readonly target: string;
  /** Returns the error for a failure of the compiler. */
  readonly failure: (program: string, output: string) => string;
  readonly hint?: string;
}

/** Compiles an add-on. It finds the library relative to its own folder, so the complete cache may be moved. */
export async function compileAddon(
  { parts, flags, linked, linkOptions = [], target, failure, hint }: Addon,
  library: Library,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  // Loaded on demand: every run loads this file, few compile.
  const { execa, ExecaError } = await import('execa');
  const { command } = await findCompiler(env);
  const [program, ...own] = command;
  const run = (args: readonly string[]) => execa(program, [...own, ...args], { env: toolEnvironment(env), extendEnv: false, all: true });
  const all = ['-fPIC', '-std=c++17', ...flags, `-I${join(library.folder, 'include')}`];
  const objects = parts.map((_, i) => `${target}.${i}.o`);
  try {
    await Promise.all(parts.map(({ source, options }, i) => run(['-c', ...all, ...options, source, '-o', objects[i] as string])));
    await run([
      '-shared',
      ...objects,
      ...linked.map((name) => join(library.folder, 'lib', name)),
      ...linkOptions,
      ...rpath(library.key),
      '-o',
      target,
    ]);
  } catch (error) {
    const output = error instanceof ExecaError ? String(error.all ?? error.shortMessage) : String(error);
    throw new TemperError({
      code: 'environment/backend',
      message: failure(program, output),
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
  await Promise.all(objects.map((path) => rm(path)));
}

const rpath = (library: string): readonly string[] =>
  process.platform === 'darwin'
    ? ['-undefined', 'dynamic_lookup', `-Wl,-rpath,@loader_path/../${library}/lib`]
    : [`-Wl,-rpath,$ORIGIN/../${library}/lib`];

/** Returns the folder of Node-API's headers. */
export const nodeApiHeaders = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
