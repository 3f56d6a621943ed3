import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TemperError } from '@temper/core';
import { bindingPath, makeBinding } from './binding.js';
import { cacheFolder } from '../system/cache-folder.js';
import { discardFolder, withCacheLock } from './cache.js';
import { findCompiler } from './compiler.js';
import type { SetupReporter } from './events.js';
import { makeKernels } from './kernels.js';
import { findLibrary, type Library } from './library.js';
import { currentPlatform } from './platform.js';
import { probeBackend } from './probe.js';
import { checkPlace, findTfjsNode, linkedBinding, placeBinding } from './tfjs-node.js';
import { waysOf, type SetupContext, type Way } from './ways.js';
import { wheels } from './wheels.js';

/** Options of a set-up; each has a default. */
export interface SetupOptions {
  /** Folder shared by all checkouts; the user's cache folder by default, or `TEMPER_CACHE`. */
  readonly cache?: string;
  /** Repeats the set-up of the binding although the current one works. */
  readonly force?: boolean;
  /** Receives the events; `createSetupPrinter` makes one for a terminal. */
  readonly report?: SetupReporter;
}

/** The result of a set-up. Missing parts of the machine throw no exception: training then uses another, slower backend. */
export interface SetupReport {
  /** True where the native backend works now. */
  readonly native: boolean;
  /** The origin of the library; absent where there is none. */
  readonly source?: 'present' | 'cache' | 'wheel';
  /** Version of TensorFlow. */
  readonly tensorflow?: string;
  readonly seconds: number;
  /** The reasons why each attempt failed, in order; each has a remedy. */
  readonly problems: readonly TemperError[];
}

type Outcome = Pick<SetupReport, 'native' | 'source' | 'tensorflow'>;

/**
 * Makes the native TensorFlow backend work: what is there already, else the library from the Python
 * wheel, whose SHA-256 is known, compiled against and linked. The library lies in a per-user
 * cache, so a second checkout neither downloads nor compiles; two set-ups at once share one download; one that was
 * killed leaves nothing that counts.
 * @example
 * const { native, problems } = await setupBackend({ report: createSetupPrinter(process.stderr) });
 */
export async function setupBackend(options: SetupOptions = {}): Promise<SetupReport> {
  const env = process.env;
  const platform = currentPlatform();
  return setUp({
    platform,
    cache: options.cache ?? cacheFolder(env),
    target: findTfjsNode(),
    wheel: wheels[platform],
    env,
    force: options.force ?? false,
    report: options.report ?? (() => undefined),
  });
}

/** Runs `setupBackend` with all its dependencies given. */
export async function setUp(context: SetupContext): Promise<SetupReport> {
  const start = performance.now();
  const problems: TemperError[] = [];
  const outcome = await present(context)
    .then((found) => found ?? make(context, problems))
    .catch((error: unknown): Outcome => {
      if (!(error instanceof TemperError)) throw error;
      problems.push(error);
      return { native: false };
    });
  return { ...outcome, seconds: (performance.now() - start) / 1000, problems };
}

/** Checks the present binding. A link into this cache was tried before it was placed; any other binding is loaded to test it. */
async function present(context: SetupContext): Promise<Outcome | undefined> {
  const { target, cache, force, report } = context;
  if (force || !existsSync(target.binding)) return undefined;
  const linked = await linkedBinding(target);
  for (const { key } of waysOf(context)) {
    const library = linked === bindingPath(cache, target, key) ? await findLibrary(cache, key) : undefined;
    if (library === undefined) continue;
    await makeKernels(cache, library, context.env, report);
    return { native: true, source: 'present', tensorflow: library.tensorflow };
  }
  // A link of an older Temper works, and is kept where a newer one cannot be made.
  if (linked !== undefined && dirname(dirname(linked)) === cache) {
    const renewed = await make(context, []).catch((error: unknown) => ignoreTemperError(error));
    if (renewed?.native === true) return renewed;
  }
  report({ type: 'step', message: 'Trying the existing native binding' });
  const probe = await probeBackend(target);
  return probe.loads ? { native: true, source: 'present', tensorflow: probe.tensorflow } : undefined;
}

function ignoreTemperError(error: unknown): undefined {
  if (!(error instanceof TemperError)) throw error;
}

async function make(context: SetupContext, problems: TemperError[]): Promise<Outcome> {
  const { platform, cache, report } = context;
  const ways = waysOf(context);
  if (ways.length === 0) throw unsupported(platform);
  const waiting = (): void => report({ type: 'step', message: 'Waiting for another set-up to finish' });
  return withCacheLock(cache, waiting, () => tryInTurn(ways, context, problems));
}

/** Tries the library in the cache first, then each source in order; a failure of the file system would affect them all and ends it. */
async function tryInTurn(ways: readonly Way[], context: SetupContext, problems: TemperError[]): Promise<Outcome> {
  const { cache, target, env, report } = context;
  await checkPlace(target);
  const libraries = await Promise.all(ways.map((way) => findLibrary(cache, way.key)));
  for (const library of libraries.filter((found) => found !== undefined)) {
    const outcome = await attempt(() => link(library, 'cache'));
    if (outcome !== undefined) return outcome;
  }
  // Checked before a large download, not after it.
  await findCompiler(env);
  for (const way of ways.filter((_, i) => libraries[i] === undefined)) {
    const outcome = await attempt(async () => {
      await discardFolder(join(cache, way.key));
      await way.make();
      return link((await findLibrary(cache, way.key)) as Library, way.source);
    });
    if (outcome !== undefined) return outcome;
  }
  return { native: false };

  async function link(library: Library, source: 'cache' | 'wheel'): Promise<Outcome> {
    await placeBinding(target, await makeBinding(cache, target, library, env, report));
    await makeKernels(cache, library, env, report, context.force);
    return { native: true, source, tensorflow: library.tensorflow };
  }

  async function attempt(body: () => Promise<Outcome>): Promise<Outcome | undefined> {
    try {
      return await body();
    } catch (error) {
      if (!(error instanceof TemperError) || error.code === 'environment/files') throw error;
      problems.push(error);
      report({ type: 'step', message: `This method failed:  ${error.details.message}` });
      return undefined;
    }
  }
}

const unsupported = (platform: string): TemperError =>
  new TemperError({
    code: 'environment/backend',
    message: `there is no build of TensorFlow for ${platform} that set-up can verify`,
    hint: platform.endsWith('-musl')
      ? 'Use a Linux with glibc (Debian, Ubuntu, Fedora) instead of Alpine; the slower backend works here too.'
      : 'Set-up has verified builds for Linux (x64, arm64) and macOS (arm64); in WSL (Windows Subsystem for Linux) it works ' +
        'like Linux. The slower backend works here too.',
  });
