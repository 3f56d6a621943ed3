import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/** The fault at a file operation: the process is killed, or the operation fails as on a full disk. */
export type Fault = 'kill' | 'ENOSPC';

/**
 * Makes the `at`-th file operation of this process its last, or makes it fail; returns a function that gives the number of operations.
 */
export async function failFiles(fault: Fault | undefined, at: number): Promise<() => number> {
  let operations = 0;
  const faulty = <F extends (...given: never[]) => unknown>(operation: F): F =>
    function (this: unknown, ...given: Parameters<F>) {
      if (++operations === at) {
        if (fault === 'kill') process.kill(process.pid, 'SIGKILL');
        return Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
      }
      return operation.apply(this, given);
    } as F;
  if (fault !== undefined) {
    const handle = await files.open(process.execPath, 'r');
    const prototype = Object.getPrototypeOf(handle) as typeof handle;
    await handle.close();
    // A kill at the closing of a file equals one at the next operation.
    const ofHandles = ['write', 'writeFile', 'sync', 'truncate', ...(fault === 'kill' ? [] : (['close'] as const))] as const;
    for (const name of ofHandles) prototype[name] = faulty(prototype[name] as never);
    for (const name of ['open', 'mkdir', 'rename', 'readdir', 'rm', 'stat', 'readFile', 'writeFile', 'access', 'truncate'] as const)
      files[name] = faulty(files[name] as never);
    syncBuiltinESMExports();
  }
  return () => operations;
}
