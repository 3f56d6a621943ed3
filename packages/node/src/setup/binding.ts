import { createRequire } from 'node:module';
import { readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TemperError } from '@temper/core';
import { execa, ExecaError } from 'execa';
import { discardFolder, makeFolder } from './cache.js';
import { findCompiler } from './compiler.js';
import type { SetupReporter } from './events.js';
import { lastLines } from './failures.js';
import type { Library } from './library.js';
import { probeBackend } from './probe.js';
import type { TfjsNode } from './tfjs-node.js';

const addon = 'tfjs_binding.node';

/** The binding's name in the cache: what it was compiled from, for and against. */
export const bindingPath = (cache: string, target: TfjsNode, library: string): string =>
  join(cache, `tfjs-node-${target.version}-napi-v${target.napi}-${library}`, addon);

/** tfjs-node's binding to a library in the cache: there already, or compiled; either way it has been seen to work. */
export async function makeBinding(cache: string, target: TfjsNode, library: Library, env: NodeJS.ProcessEnv, report: SetupReporter): Promise<string> {
  const path = bindingPath(cache, target, library.key);
  if (existsSync(path)) {
    if ((await probeBackend(target, path)).loads) return path;
    await discardFolder(dirname(path));
  }
  report({ type: 'step', message: `Compiling tfjs-node's binding to TensorFlow ${library.tensorflow}` });
  await makeFolder(dirname(path), async (folder) => {
    await compile(target, library, folder, env);
    const probe = await probeBackend(target, join(folder, addon));
    if (!probe.loads) throw new TemperError({ code: 'environment/backend', message: `the native backend was made, but does not work: ${probe.problem}`, hint: probe.hint });
  });
  return path;
}

/** The same commands that node-gyp would run, without its need for Node's headers from the network. */
async function compile(target: TfjsNode, library: Library, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { command } = await findCompiler(env);
  const [program, ...own] = command;
  const run = (args: readonly string[]) => execa(program, [...own, ...args], { env, extendEnv: false, all: true });
  const includes = [join(library.folder, 'include'), nodeApiHeaders()].map((path) => `-I${path}`);
  const flags = ['-O2', '-fPIC', '-std=c++17', `-DNAPI_VERSION=${target.napi}`, ...includes];
  const sources = (await readdir(join(target.folder, 'binding'))).filter((name) => name.endsWith('.cc'));
  const objects = sources.map((name) => join(folder, `${name}.o`));
  try {
    await Promise.all(sources.map((name, i) => run(['-c', ...flags, join(target.folder, 'binding', name), '-o', objects[i] as string])));
    await run(['-shared', ...objects, ...library.link.map((name) => join(library.folder, 'lib', name)), ...linkFlags(library.key), '-o', join(folder, addon)]);
  } catch (error) {
    const output = error instanceof ExecaError ? String(error.all ?? error.shortMessage) : String(error);
    throw new TemperError({
      code: 'environment/backend',
      message: `compiling tfjs-node's binding with ${program} failed:\n  ${lastLines(output, 6)}`,
      hint: 'It needs a compiler for C++17 (g++ 8 or clang 7 and later); CXX names another one.',
      cause: error,
    });
  }
  await Promise.all(objects.map((path) => rm(path)));
}

/** The binding looks for the library beside its own folder, so the cache may be moved as a whole. */
const linkFlags = (library: string): readonly string[] =>
  process.platform === 'darwin'
    ? ['-undefined', 'dynamic_lookup', `-Wl,-rpath,@loader_path/../${library}/lib`]
    : [`-Wl,-rpath,$ORIGIN/../${library}/lib`];

const nodeApiHeaders = (): string => join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
