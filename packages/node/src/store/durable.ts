import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError } from '@temper/tensorflow/system';

/** Text, bytes, or bytes in several parts. */
export type Content = string | Uint8Array | readonly Uint8Array[];

/**
 * Writes a file completely or not at all: into a temporary file in the same folder, flushed to disk, then renamed. A crash or a full disk
 * leaves the previous file.
 * @throws TemperError `environment/files`, naming the file and the reason.
 */
export async function writeWhole(path: string, content: Content, fault: 'user' | 'run' = 'run'): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFlushed(temporary, content);
    await rename(temporary, path);
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError('write', path, error, fault);
  }
}

/** Writes a new file and waits until it is on disk; after a short write, the rest is written, or the error of the disk is thrown. */
export async function writeFlushed(path: string, content: Content): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (const part of typeof content === 'string' || content instanceof Uint8Array ? [content] : content) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames in a folder survive a loss of power, where the system can open folders. */
export async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Formats JSON with indentation and a newline at its end. */
export const prettyJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
