import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of a target, and what removes it. */
export async function scratch(): Promise<{ readonly folder: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-fuzz-'));
  return { folder, close: () => rm(folder, { recursive: true, force: true }) };
}
