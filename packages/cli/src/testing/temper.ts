import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/temper.mjs', import.meta.url));

/** The end of a command and its output. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command as a separate process, in an environment without colours or settings of this one. */
export function start(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}, input = '') {
  const { FORCE_COLOR: _, TEMPER_DEBUG: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...inherited, ...env } });
  const written = { stdout: '', stderr: '' };
  child.stdin.end(input);
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => (written[name] += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, ...written }));
  });
  return { child, written, ended };
}

/** Runs the command to its end. */
export const temper = (args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv): Promise<Ended> => start(args, cwd, env).ended;

/** Makes a folder with these files, removed after the test. */
export async function folderWith(files: Files = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return filled(folder, files);
}

const kept: string[] = [];
afterAll(() => Promise.all(kept.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Makes a folder with these files, which all tests of a file share. */
export async function keptFolder(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-cli-'));
  kept.push(folder);
  return filled(folder, files);
}

type Files = Readonly<Record<string, string | Uint8Array | object>>;

async function filled(folder: string, files: Files): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content));
  }
  return folder;
}
