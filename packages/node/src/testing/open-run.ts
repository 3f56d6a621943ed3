// A program for tests: opens the run it is given, then appends lines and finishes; prints what went wrong. With a number n it is
// killed at its n-th file operation.
import type { TemperError } from '@temper/core';
import { runStore } from '../store/run-store.js';
import { failFiles } from './fail-files.js';

const [root, name, lines, killedAt] = process.argv.slice(2) as [string, string, string?, string?];
try {
  await failFiles(killedAt === undefined ? undefined : 'kill', Number(killedAt));
  const store = runStore({ root, ...(name === '' ? {} : { name }) });
  await store.open({ seed: 1 });
  console.log(store.location);
  for (let step = 0; step < Number(lines ?? 0); step++) await store.append({ step, padding: 'x'.repeat(100) });
  await store.finish({ steps: Number(lines ?? 0), padding: 'x'.repeat(5000) });
} catch (error) {
  const { code, message, fault } = error as TemperError;
  console.error(JSON.stringify({ code, message, fault }));
  process.exitCode = 1;
}
