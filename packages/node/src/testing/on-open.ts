import files, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { onTestFinished } from 'vitest';

/** Gives a test every file that is opened until its end, with its path. */
export function onOpen(see: (file: FileHandle, path: string) => void): void {
  const { open } = files;
  const seen = async (...given: Parameters<typeof open>): Promise<FileHandle> => {
    const file = await open(...given);
    see(file, String(given[0]));
    return file;
  };
  files.open = seen;
  syncBuiltinESMExports();
  onTestFinished(() => {
    files.open = open;
    syncBuiltinESMExports();
  });
}
