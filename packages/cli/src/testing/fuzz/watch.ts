import { Worker } from 'node:worker_threads';

/** Watches from a separate thread whether attempts end. */
export interface Watch {
  /** Records the start of an attempt. */
  begins(number: number): void;
  close(): Promise<void>;
}

// An endless loop blocks the main thread, so this thread has to end the process. Plain JavaScript in a text: tests load TypeScript.
const program = `
const { writeSync } = require('node:fs');
const { workerData: { shared, name, limit } } = require('node:worker_threads');
const current = new Int32Array(shared);
const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
let seen = -1;
let since = used();
setInterval(() => {
  const now = Atomics.load(current, 0);
  if (now !== seen) { seen = now; since = used(); }
  if (used() - since < limit) return;
  writeSync(2, name + ': attempt ' + seen + ' does not end (' + limit + ' s of processor time)\\n');
  process.kill(process.pid, 'SIGKILL');
}, 500);`;

/** Ends the process where one attempt takes this number of seconds of processor time. */
export function startWatch(name: string, limit: number): Watch {
  const shared = new SharedArrayBuffer(4);
  const worker = new Worker(program, { eval: true, execArgv: [], workerData: { shared, name, limit } });
  worker.unref();
  return {
    begins: (number) => void Atomics.store(new Int32Array(shared), 0, number),
    close: async () => void (await worker.terminate()),
  };
}
