// A program for tests: tries to lock the given folders, one round after another.
import { lockRun, type RunLock } from '../store/run-lock.js';

let lock: RunLock | undefined;
process.on('message', (message: { readonly folder?: string }) => {
  const answer = (result: string): void => void process.send?.(result);
  if (message.folder === undefined) void (lock?.release() ?? Promise.resolve()).then(() => answer('released'));
  else {
    lock = undefined;
    lockRun(message.folder, 'a').then(
      (taken) => {
        lock = taken;
        answer('holds');
      },
      (error: { code?: string; message: string }) => answer(error.code === 'run/exists' ? 'refused' : error.message),
    );
  }
});
