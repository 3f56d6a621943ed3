import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TemperError } from '@temper/core';
import { discardFolder, makeFolder } from './cache.js';
import { compileAddon, nodeApiHeaders, type Addon } from './compile-addon.js';
import type { SetupReporter } from './events.js';
import { lastLines } from './failures.js';
import type { Library } from './library.js';
import { probeBackend } from './probe.js';
import type { TfjsNode } from './tfjs-node.js';

const addon = 'tfjs_binding.node';
const launcher = fileURLToPath(new URL('../../binding/launcher.cc', import.meta.url));

/** Returns the path of tfjs-node's own add-on in the cache, which contains its source, target and library. */
const plainPath = (cache: string, target: TfjsNode, library: string): string =>
  join(cache, `tfjs-node-${target.version}-napi-v${target.napi}-${library}`, addon);

/**
 * The add-on in the cache that a package links to: the launcher, which turns oneDNN on and loads tfjs-node's own.
 * Another source is another folder. A bundled Temper has no sources and links to tfjs-node's own.
 */
export function bindingPath(cache: string, target: TfjsNode, library: string): string {
  const plain = plainPath(cache, target, library);
  if (!existsSync(launcher)) return plain;
  const hash = createHash('sha256').update(readFileSync(launcher)).digest('hex').slice(0, 12);
  return join(cache, `launcher-${hash}-${basename(dirname(plain))}`, addon);
}

/** Returns tfjs-node's binding to a library in the cache: an existing one, or a newly compiled one; both were tried. */
export async function makeBinding(
  cache: string,
  target: TfjsNode,
  library: Library,
  env: NodeJS.ProcessEnv,
  report: SetupReporter,
): Promise<string> {
  const [plain, path] = [plainPath(cache, target, library.key), bindingPath(cache, target, library.key)];
  await make(plain, `Compiling tfjs-node's binding to TensorFlow ${library.tensorflow}`, (folder) =>
    compileBinding(target, library, folder, env),
  );
  if (path !== plain)
    await make(path, 'Compiling the launcher that turns oneDNN on', (folder) => compileLauncher(plain, target, library, folder, env));
  return path;

  async function make(file: string, step: string, compile: (folder: string) => Promise<void>): Promise<void> {
    if (existsSync(file)) {
      if ((await probeBackend(target, file)).loads) return;
      await discardFolder(dirname(file));
    }
    report({ type: 'step', message: step });
    await makeFolder(dirname(file), async (folder) => {
      await compile(folder);
      const probe = await probeBackend(target, join(folder, addon));
      if (!probe.loads)
        throw new TemperError({
          code: 'environment/backend',
          message: `the native backend was built, but does not work: ${probe.problem}`,
          hint: probe.hint,
        });
    });
  }
}

/** Runs the commands of node-gyp, without downloading Node's headers. */
async function compileBinding(target: TfjsNode, library: Library, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const sources = (await readdir(join(target.folder, 'binding'))).filter((name) => name.endsWith('.cc'));
  await compileAddon(
    {
      ...common(target, folder),
      parts: sources.map((name) => ({ source: join(target.folder, 'binding', name), options: [] })),
      linked: library.link,
      failure: (program, output) => `compiling tfjs-node's binding with ${program} failed:\n  ${lastLines(output, 6)}`,
    },
    library,
    env,
  );
}

/** Compiles the launcher, which is linked to none of the library's files: they are loaded once the variable is set. */
const compileLauncher = (plain: string, target: TfjsNode, library: Library, folder: string, env: NodeJS.ProcessEnv): Promise<void> =>
  compileAddon(
    {
      ...common(target, folder),
      parts: [{ source: launcher, options: [`-DTEMPER_BINDING="../${basename(dirname(plain))}/${addon}"`] }],
      linked: [],
      linkOptions: process.platform === 'darwin' ? [] : ['-ldl'],
      failure: (program, output) => `compiling the launcher of tfjs-node's binding with ${program} failed:\n  ${lastLines(output, 6)}`,
    },
    library,
    env,
  );

const common = (target: TfjsNode, folder: string): Pick<Addon, 'flags' | 'target' | 'hint'> => ({
  flags: ['-O2', `-DNAPI_VERSION=${target.napi}`, `-I${nodeApiHeaders()}`],
  target: join(folder, addon),
  hint: 'It needs a compiler for C++17 (g++ 8 or clang 7 and later); CXX names another one.',
});
