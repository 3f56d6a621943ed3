import { createRequire } from 'node:module';
import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TemperError } from '@temper/core';
import { discardFolder, makeFolder } from './cache.js';
import { compileAddon } from './compile-addon.js';
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
  const sources = (await readdir(join(target.folder, 'binding'))).filter((name) => name.endsWith('.cc'));
  await compileAddon(
    {
      parts: sources.map((name) => ({ source: join(target.folder, 'binding', name), options: [] })),
      flags: ['-O2', `-DNAPI_VERSION=${target.napi}`, `-I${nodeApiHeaders()}`],
      linked: library.link,
      target: join(folder, addon),
      failure: (program, output) => `compiling tfjs-node's binding with ${program} failed:\n  ${lastLines(output, 6)}`,
      hint: 'It needs a compiler for C++17 (g++ 8 or clang 7 and later); CXX names another one.',
    },
    library,
    env,
  );
}

const nodeApiHeaders = (): string => join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
