import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '@temper/experiments';
import { prettyJson, writeWhole } from '@temper/node';
import { mistake } from '../config/mistake.js';

/**
 * Stores the config of each run in comparison.json; a folder with runs of other configs is refused.
 * @throws TemperError `config/invalid` for a run whose config has changed.
 */
export async function remember(root: string, jobs: readonly Job[]): Promise<void> {
  const file = join(root, 'comparison.json');
  const sums = Object.fromEntries(jobs.map(({ id, config }) => [id, createHash('sha256').update(JSON.stringify(config)).digest('hex')]));
  const before = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Record<string, string>,
    () => undefined,
  );
  const changed = Object.keys(before ?? {}).find((id) => id in sums && sums[id] !== before?.[id]);
  if (changed !== undefined) {
    throw mistake(`${root} holds runs of another config: ${changed} has changed since`, {
      hint: 'Give the comparison another name (--name), or remove the folder.',
    });
  }
  await mkdir(root, { recursive: true });
  await writeWhole(file, prettyJson({ ...before, ...sums }));
}
