import { readFile, stat } from 'node:fs/promises';
import { mistake } from './mistake.js';

/**
 * Reads the text of a file that the command line names.
 * @throws TemperError `config/invalid` for a file that is absent, a folder, a pipe or a device, or may not be read.
 */
export async function readText(file: string, hint: string): Promise<string> {
  try {
    // Reading a pipe or a device could wait or continue forever.
    const stats = await stat(file);
    if (!stats.isFile() && !stats.isDirectory()) throw new Error('is a pipe or a device, not a file');
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = {
      ENOENT: 'there is no such file',
      EISDIR: 'is a folder, not a file',
      EACCES: 'this user has no permission to read it',
    }[code ?? ''];
    throw mistake(`${file}: ${reason ?? message}`, { hint, cause: error });
  }
}
