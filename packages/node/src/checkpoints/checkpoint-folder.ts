import { access, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../store/durable.js';
import { codeOf } from '../store/file-error.js';

const named = /^checkpoint-(\d{6,})$/;
const bestFile = 'best.json';

const nameOf = (number: number): string => `checkpoint-${String(number).padStart(6, '0')}`;
const numberOf = (name: string | undefined): number => Number(named.exec(name ?? '')?.[1] ?? 0);

/** Names of the checkpoints in a folder, newest first; none where there is no folder. */
export async function listCheckpoints(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => named.test(name)).sort((a, b) => numberOf(b) - numberOf(a));
}

/** Gives a finished folder the next free number. A rename over a checkpoint fails, so two writers never share one. */
export async function moveIntoPlace(finished: string, folder: string): Promise<string> {
  const [newest] = await listCheckpoints(folder);
  for (let number = numberOf(newest) + 1; ; number++) {
    const place = join(folder, nameOf(number));
    try {
      await rename(finished, place);
      return nameOf(number);
    } catch (error) {
      const taken = await access(place).then(
        () => true,
        () => false,
      );
      if (!taken) throw error;
    }
  }
}

/** Remembers which checkpoint is the best so far. */
export const markBest = (folder: string, name: string): Promise<void> => writeWhole(join(folder, bestFile), `${JSON.stringify({ best: name })}\n`);

/** The name of the best checkpoint, where one was marked. */
export async function bestOf(folder: string): Promise<string | undefined> {
  try {
    const { best } = JSON.parse(await readFile(join(folder, bestFile), 'utf8')) as { best?: unknown };
    return typeof best === 'string' && named.test(best) ? best : undefined;
  } catch {
    // Without the mark, or with a damaged one, only the newest are known.
    return undefined;
  }
}
