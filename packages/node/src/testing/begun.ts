import { runStore } from '../store/run-store.js';

/** Creates a run `a` that was started, has a number of records, and has no owner. */
export async function begun(root: string, steps: number): Promise<void> {
  const store = runStore({ root, name: 'a' });
  await store.open({ seed: 1 });
  for (let step = 1; step <= steps; step++) await store.append({ step });
  await store.release();
}
