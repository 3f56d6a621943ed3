import { closeSync, openSync, writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** Milliseconds between two signs of life. */
const period = 1000;

// Plain JavaScript in a text: a bundled Temper has no file for it.
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
 * Writes a file's content again every second, so that others see by its time that its owner lives. A thread of its own does it,
 * since an update may hold the main one for longer. A file that is gone does not come back.
 * @returns what ends it.
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

/** In place: the name stays in its folder throughout. */
export function rewrite(path: string, content: string): void {
  try {
    const file = openSync(path, 'r+');
    try {
      writeSync(file, content, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    // Whether the file is still there is asked before every write that matters.
  }
}
