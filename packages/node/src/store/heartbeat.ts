import { closeSync, openSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** Milliseconds between two writes. */
const period = 1000;

// Plain JavaScript in a text: a bundled Temper has no separate file for it.
const program = `
const { openSync, writeSync, closeSync } = require('node:fs');
const { workerData: { path, content, period } } = require('node:worker_threads');
setInterval(() => {
  try {
    const file = openSync(path, 'r+');
    try { writeSync(file, content, 0); } finally { closeSync(file); }
  } catch {}
}, period);`;

/**
 * Writes a file's content again every second, so that its time shows other processes that its owner is alive. A separate thread writes
 * it, since an update may block the main thread for longer. A file that was removed is not created again.
 * @returns a function that ends it.
 */
export async function startHeartbeat(path: string, content: string): Promise<() => Promise<void>> {
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  const onMainThread = (): void => {
    timer ??= setInterval(() => rewrite(path, content), period).unref();
  };
  try {
    worker = new Worker(program, {
      eval: true,
      execArgv: [],
      workerData: { path, content, period },
      resourceLimits: { maxOldGenerationSizeMb: 16 },
    });
    worker.unref();
    worker.on('error', onMainThread);
  } catch {
    onMainThread();
  }
  return async () => {
    clearInterval(timer);
    await worker?.terminate();
  };
}

/** Writes in place: the name stays in its folder throughout. */
export function rewrite(path: string, content: string): void {
  try {
    const file = openSync(path, 'r+');
    try {
      writeSync(file, content, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    // Every important write checks first whether the file still exists.
  }
}
