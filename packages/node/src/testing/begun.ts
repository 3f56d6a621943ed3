import { runStore } from '../store/run-store.js';

/** A run `a` that was begun, has so many records, and is nobody's. */
export async function begun(root: string, steps: number): Promise<void> {
  const store = runStore({ root, name: 'a' });
  await store.open({ seed: 1 });
  for (let step = 1; step <= steps; step++) await store.append({ step });
  await store.release();
}
