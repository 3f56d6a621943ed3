import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** How a program ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a user: nothing of the test runner, nor of the package manager that started it. */
const environment = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const foreign = /^(VITEST|npm_(?!config_registry|config_cache|config_userconfig)|NODE_ENV|NODE_OPTIONS|TEST|DEV|PROD|MODE|CI|INIT_CWD)/;
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))), NO_COLOR: '1', ...more };
};

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(program, args, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => (written[name] += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve({ status, ...written }));
  });
}

/** Runs `npm run new`, in a folder that is empty. */
export const makeProject = (folder: string, args: readonly string[]): Promise<Ended> =>
  run(process.execPath, [join(root, 'scripts', 'new.mjs'), ...args], root, { INIT_CWD: folder });

/** An empty folder outside of the checkout, and how to remove it. */
export async function emptyFolder(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-outside-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
