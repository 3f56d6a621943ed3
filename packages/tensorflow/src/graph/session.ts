import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpoint, type Graph, type Ref } from './graph.js';
import { nativeBackend, type NativeTensor } from '../backend/native-backend.js';
import { savedModelBytes, servingTag } from './saved-model.js';

/** A graph inside TensorFlow, ready to run; native memory, so it has to be disposed. */
export interface Session {
  /** Runs the graph: native tensor ids for `feeds` in order, native tensors of `fetches` in order, owned by the caller. */
  run(tensors: readonly number[]): NativeTensor[];
  dispose(): void;
}

/** Loads a graph. No ref may be fed and fetched, or fetched twice: TensorFlow refuses both. */
export function openSession(graph: Graph, feeds: readonly Ref[], fetches: readonly Ref[]): Session {
  const { binding } = nativeBackend();
  const inputs = feeds.map(endpoint).join(',');
  const outputs = fetches.map(endpoint).join(',');
  // The binding loads graphs from a folder only.
  const folder = mkdtempSync(join(tmpdir(), 'temper-step-'));
  let id: number;
  try {
    writeFileSync(join(folder, 'saved_model.pb'), savedModelBytes(graph));
    id = binding.loadSavedModel(folder, servingTag);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    run: (tensors) => binding.runSavedModel(id, tensors, inputs, outputs),
    dispose: () => binding.deleteSavedModel(id),
  };
}
