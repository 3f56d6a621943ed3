import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { arraysFile, stateFile, sumsFile } from './checkpoint-files.js';
import { isWhole } from './read-checkpoint.js';

/** Remembers which checkpoints of a folder are complete; each is read once, and again only when its files have changed. */
export interface WholeCheckpoints {
  /** Records a checkpoint that was just written. */
  add(name: string): Promise<void>;
  has(name: string): Promise<boolean>;
  /** Removes the record of a checkpoint that is removed. */
  forget(name: string): void;
}

/**
 * Creates the record for a folder. Reading back and hashing takes as long as writing, during training: checkpoints of this process are
 * not read.
 */
export function wholeCheckpoints(folder: string): WholeCheckpoints {
  const known = new Map<string, string>();
  const add = async (name: string): Promise<void> => void known.set(name, await stampOf(join(folder, name)));
  return {
    add,
    forget: (name) => void known.delete(name),
    async has(name) {
      const before = known.get(name);
      if (before !== undefined && before === (await stampOf(join(folder, name)))) return true;
      known.delete(name);
      if (!(await isWhole(join(folder, name)))) return false;
      await add(name);
      return true;
    },
  };
}

/** Returns a stamp that changes with every write to a checkpoint's files; a unique one where a file is missing. */
async function stampOf(folder: string): Promise<string> {
  const stamps = [arraysFile, stateFile, sumsFile].map(async (file) => {
    const { size, mtimeMs, ctimeMs } = await stat(join(folder, file));
    return `${size} ${mtimeMs} ${ctimeMs}`;
  });
  return Promise.all(stamps).then(
    (all) => all.join(),
    () => crypto.randomUUID(),
  );
}
