import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TemperError } from '@temper/core';
import { lastLines } from './failures.js';
import { trackBytes, type SetupReporter } from './events.js';
import { findPip } from './pip.js';
import { isolated, toolEnvironment } from './tool-environment.js';
import type { Wheel } from './wheels.js';

/** Downloads a wheel into a folder with the user's own pip, so that their index, proxy and certificates apply. */
export async function downloadWheel(wheel: Wheel, folder: string, env: NodeJS.ProcessEnv, report: SetupReporter): Promise<string> {
  const { execa, ExecaError } = await import('execa');
  const python = await findPip(env);
  const temporary = join(folder, 'pip');
  const done = join(folder, 'wheel');
  await Promise.all([temporary, done].map((path) => mkdir(path, { recursive: true })));
  const watch = watchGrowth(folder, trackBytes(wheel.bytes, report));
  try {
    // pip's temporary files go into the same folder: a small temporary folder then does not matter, and clean-up finds them.
    await execa(python, pipArguments(wheel, done), { env: { ...toolEnvironment(env), TMPDIR: temporary }, extendEnv: false, all: true });
  } catch (error) {
    throw pipFailure(error instanceof ExecaError ? String(error.all ?? error.shortMessage) : String(error), wheel, error);
  } finally {
    watch.stop();
  }
  const [file] = (await readdir(done)).filter((name) => name.endsWith('.whl'));
  if (file !== undefined) return join(done, file);
  throw new TemperError({
    code: 'environment/backend',
    message: 'pip reported a download of TensorFlow, but there is no wheel',
    hint: 'Update pip and run it again.',
  });
}

// --no-cache-dir: a copy in pip's own cache would have no use, since Temper keeps the unpacked library.
const pipArguments = (wheel: Wheel, folder: string): string[] => [
  ...[
    isolated,
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--no-cache-dir',
    '--disable-pip-version-check',
    '--progress-bar=off',
    '--retries=2',
  ],
  ...['--python-version', wheel.python, '--platform', wheel.platform, '-d', folder, `${wheel.distribution}==${wheel.version}`],
];

function pipFailure(output: string, wheel: Wheel, cause: unknown): TemperError {
  const what = `pip could not download ${wheel.distribution} ${wheel.version}`;
  if (/No space left/i.test(output)) {
    return new TemperError({
      code: 'environment/files',
      message: `${what}: the disk is full`,
      hint: 'Free some space, or set TEMPER_CACHE to a folder on another disk.',
      cause,
    });
  }
  if (
    /NewConnectionError|Temporary failure in name resolution|Network is unreachable|ConnectTimeout|Failed to establish|ProxyError/i.test(
      output,
    )
  ) {
    return new TemperError({
      code: 'environment/backend',
      message: `${what}: the package index cannot be reached`,
      hint: 'Check the network, or the proxy and index that `pip config list` shows, and run it again.',
      cause,
    });
  }
  return new TemperError({
    code: 'environment/backend',
    message: `${what}:\n  ${lastLines(output)}`,
    hint: 'Try the same with `python3 -I -m pip download` by hand; update pip if it is old.',
    cause,
  });
}

/** Watches the size of the written file, since pip shows no progress to a program. */
function watchGrowth(folder: string, grown: (bytes: number) => void): { stop(): void } {
  const timer = setInterval(() => void sizeOf(folder).then(grown), 500);
  return { stop: () => clearInterval(timer) };
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size);
  return Math.max(0, ...(await Promise.all(sizes)));
}
