// A program for tests: starts a run (or continues it), prints a line, and trains until it is killed.
import type { TemperError } from '@temper/core';
import { runStore } from '../store/run-store.js';

const [how, root, name] = process.argv.slice(2) as ['open' | 'reopen', string, string];
try {
  const store = runStore({ root, name });
  if (how === 'open') await store.open({ seed: 1 });
  else await store.reopen();
  console.log('working');
  setInterval(() => undefined, 1000);
} catch (error) {
  const { code, message, fault } = error as TemperError;
  console.error(JSON.stringify({ code, message, fault }));
  process.exitCode = 1;
}
