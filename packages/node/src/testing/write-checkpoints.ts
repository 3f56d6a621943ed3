// A program for tests: writes one checkpoint after the other and says which are done. With a number n, its n-th file
// operation is its last (kill), or fails as on a full disk (ENOSPC).
import files from 'node:fs/promises';
import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { readLatestCheckpoint } from '../checkpoints/read-checkpoint.js';
import { writeCheckpoint } from '../checkpoints/write-checkpoint.js';
import { checkpointOf } from './checkpoint-of.js';

const [folder, count, size, fault, at] = process.argv.slice(2) as [string, string, string, ('kill' | 'ENOSPC')?, string?];
let operations = 0;

function faulty<F extends (...given: never[]) => unknown>(operation: F): F {
  return function (this: unknown, ...given: Parameters<F>) {
    if (++operations === Number(at)) {
      if (fault === 'kill') process.kill(process.pid, 'SIGKILL');
      return Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    }
    return operation.apply(this, given);
  } as F;
}

const first = ((await readLatestCheckpoint(folder))?.state as { step: number } | undefined)?.step ?? 0;
if (fault !== undefined) {
  const handle = await files.open(process.execPath, 'r');
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  for (const name of ['writeFile', 'sync', 'close'] as const) prototype[name] = faulty(prototype[name] as never);
  for (const name of ['open', 'mkdir', 'rename', 'readdir', 'rm', 'stat', 'readFile'] as const) files[name] = faulty(files[name] as never);
  syncBuiltinESMExports();
}
for (let step = first + 1; step <= first + Number(count); step++) {
  try {
    await writeCheckpoint(folder, checkpointOf(step, Number(size)), { keep: 2, best: step % 5 === 0 });
    writeSync(1, `${step}\n`);
  } catch (error) {
    writeSync(2, `${(error as Error).message}\n`);
  }
}
writeSync(2, `of ${operations} operations\n`);
