import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { nativeBackend, type NativeTensor } from '../backend/native-backend.js';
import { kernelAddon } from '../kernels/kernels.js';
import { endpoint, type Graph, type Ref } from './graph.js';
import { savedModelBytes, servingTag } from './saved-model.js';

/** A graph that TensorFlow has loaded; native memory, so it has to be disposed. */
export interface Session {
  /** Runs the graph: native tensor ids for `feeds` in order, native tensors of `fetches` in order, owned by the caller. */
  run(tensors: readonly number[]): NativeTensor[];
  dispose(): void;
}

/** Loads a graph. No ref may be both fed and fetched, or fetched twice: TensorFlow refuses both. */
export function openSession(graph: Graph, feeds: readonly Ref[], fetches: readonly Ref[]): Session {
  const { binding } = nativeBackend();
  const inputs = feeds.map(endpoint).join(',');
  const outputs = fetches.map(endpoint).join(',');
  const bytes = savedModelBytes(graph);
  const id = loadFromMemory(bytes) ?? loadFromFolder(bytes);
  return {
    run: (tensors) => binding.runSavedModel(id, tensors, inputs, outputs),
    dispose: () => binding.deleteSavedModel(id),
  };
}

const fileName = 'saved_model.pb';

/**
 * Gives a model to TensorFlow as a file of its file system in memory, since the binding loads models by path. Undefined without the
 * add-on that writes such files.
 */
function loadFromMemory(bytes: Uint8Array): number | undefined {
  const addon = kernelAddon();
  if (addon === undefined) return undefined;
  // All threads of a process share the file system; the file is removed before this thread writes the next one.
  const folder = `ram://temper-${threadId}`;
  const path = `${folder}/${fileName}`;
  addon.writeFile(path, bytes);
  try {
    return nativeBackend().binding.loadSavedModel(folder, servingTag);
  } finally {
    addon.deleteFile(path);
  }
}

function loadFromFolder(bytes: Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), 'temper-step-'));
  try {
    writeFileSync(join(folder, fileName), bytes);
    return nativeBackend().binding.loadSavedModel(folder, servingTag);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
