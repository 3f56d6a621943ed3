// A program for tests: writes one checkpoint after the other and says which are done. With a number n, its n-th file
// operation is its last (kill), or fails as on a full disk (ENOSPC).
import { writeSync } from 'node:fs';
import { readLatestCheckpoint } from '../checkpoints/read-checkpoint.js';
import { writeCheckpoint } from '../checkpoints/write-checkpoint.js';
import { checkpointOf } from './checkpoints.js';
import { failFiles, type Fault } from './fail-files.js';

const [folder, count, size, fault, at] = process.argv.slice(2) as [string, string, string, Fault?, string?];
const first = ((await readLatestCheckpoint(folder))?.state as { step: number } | undefined)?.step ?? 0;
const operations = await failFiles(fault, Number(at));
for (let step = first + 1; step <= first + Number(count); step++) {
  try {
    await writeCheckpoint(folder, checkpointOf(step, Number(size)), { keep: 2, best: step % 5 === 0 });
    writeSync(1, `${step}\n`);
  } catch (error) {
    writeSync(2, `${(error as Error).message}\n`);
  }
}
writeSync(2, `of ${operations()} operations\n`);
