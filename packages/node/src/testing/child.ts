import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Bundles a program in this folder, with the workspace's sources, into one file that any Node can run. What is
 * `external` stays an import, so the file has to lie where Node finds that package.
 */
export async function bundle(program: string, folder: string, external: readonly RegExp[] = []): Promise<string> {
  const input = fileURLToPath(new URL(program, import.meta.url));
  const file = join(folder, basename(program).replace(/\.ts$/, '.mjs'));
  const build = await rolldown({
    input,
    external: [...external],
    platform: 'node',
    resolve: { conditionNames: ['source', 'import', 'node', 'default'] },
    logLevel: 'silent',
  });
  await build.write({ file, format: 'esm' });
  await build.close();
  await chmod(file, 0o644);
  return file;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts Node on a bundled program. */
export const start = (file: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess =>
  spawn(process.execPath, [file, ...args], { stdio: 'pipe', ...options });

/** Starts it under a limit for the size of files, as a disk that fills up in the middle of one. */
export const startLimited = (kilobytes: number, file: string, args: readonly string[]): ChildProcess =>
  spawn('bash', ['-c', `ulimit -f ${kilobytes} && exec "$0" "$@"`, process.execPath, file, ...args], { stdio: 'pipe' });

export async function ended(child: ChildProcess): Promise<Ended> {
  const exit = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const read = async (stream: Readable | null): Promise<string> => (stream === null ? '' : text(stream));
  const [stdout, stderr] = await Promise.all([read(child.stdout), read(child.stderr)]);
  return { ...(await exit), stdout, stderr };
}
