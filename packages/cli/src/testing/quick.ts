import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Ended } from './temper.js';

const program = fileURLToPath(new URL('serve.mjs', import.meta.url));

let server: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the command to its end, in a process that the commands of a test file share: starting Node and TensorFlow takes longer than most
 * commands. Use `temper` where the environment, signals, or the process itself are what is tested.
 */
export function quick(args: readonly string[], cwd: string): Promise<Ended> {
  const ended = last.then(() => ask(args, cwd));
  last = ended.catch(() => undefined);
  return ended;
}

function ask(args: readonly string[], cwd: string): Promise<Ended> {
  server ??= begin();
  const child = server;
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => {
      server = undefined;
      reject(new Error(`the process of the commands ended with ${code} at: temper ${args.join(' ')}`));
    };
    child.once('exit', onExit);
    child.once('message', (ended: Ended) => {
      child.off('exit', onExit);
      resolve(ended);
    });
    child.send({ args, cwd });
  });
}

function begin(): ChildProcess {
  const { FORCE_COLOR: _, TEMPER_DEBUG: __, ...env } = process.env;
  // Pipes, so that the command does not run on a terminal.
  const child = fork(program, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  child.stdout?.resume();
  child.stderr?.resume();
  return child;
}

afterAll(() => {
  server?.removeAllListeners('exit');
  server?.disconnect();
  server = undefined;
});
