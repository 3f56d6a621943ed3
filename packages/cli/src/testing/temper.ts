import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/temper.mjs', import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a process of its own, in an environment without colours or settings of this one. */
export function start(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) {
  const { FORCE_COLOR: _, TEMPER_DEBUG: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...inherited, ...env } });
  const written = { stdout: '', stderr: '' };
  child.stdin.end();
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => (written[name] += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, ...written }));
  });
  return { child, written, ended };
}

/** Runs the command to its end. */
export const temper = (args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv): Promise<Ended> => start(args, cwd, env).ended;

/** A folder with these files, removed after the test. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array | object>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content));
  }
  return folder;
}
