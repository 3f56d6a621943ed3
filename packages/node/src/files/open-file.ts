import { closeSync, createReadStream, fstatSync, openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { limits, TemperError, type OpenFile } from '@temper/core';
import { fileError } from '@temper/tensorflow/system';
import { readPieces } from './read-pieces.js';
import { kindOf, notRegular } from './read-regular.js';

/** The number of bytes that are read at once. */
export const chunkSize = 1 << 20;

/**
 * Opens a regular file; gzip is recognized by its first two bytes.
 * @throws TemperError `environment/files` for a pipe, a socket or a device, which may have no end; errors of the system unchanged.
 */
export async function openFile(path: string): Promise<OpenFile> {
  const found = await stat(path);
  if (found.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
  if (!found.isFile()) throw notRegular(path, kindOf(found));
  const stored = found.size;
  const isPacked = await beginsAsGzip(path);
  return {
    stored,
    ...(isPacked ? {} : { size: stored }),
    chunks: (onRead) => (isPacked ? unpacked(path, stored, onRead) : plainChunks(path, onRead)),
    pieces: (positions, length) => pieces(path, found, positions, length),
  };
}

/** Returns the complete content of a file, unpacked; refuses more than `maxBytes` without unpacking further. */
export async function readFile(path: string, maxBytes: number = limits.fileBytes): Promise<Uint8Array> {
  const file = await openFile(path);
  const tooLarge = (bytes: number, how: string): TemperError =>
    invalid(
      `${path}: holds ${how}${bytes.toLocaleString('en')} bytes; at most ${maxBytes.toLocaleString('en')} are read at once`,
      'Give a smaller file, or a part of it.',
    );
  if (file.size !== undefined && file.size > maxBytes) throw tooLarge(file.size, '');
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of file.chunks()) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(length, 'at least ');
    parts.push(chunk);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function beginsAsGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

async function* plainChunks(path: string, onRead: (stored: number) => void = () => undefined): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: chunkSize })) {
    read += (chunk as Buffer).length;
    onRead(read);
    yield plain(chunk as Buffer);
  }
}

async function* unpacked(path: string, stored: number, onRead: (stored: number) => void = () => undefined): AsyncGenerator<Uint8Array> {
  const source = createReadStream(path, { highWaterMark: chunkSize });
  const gunzip = createGunzip({ chunkSize });
  source.on('error', (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    for await (const chunk of gunzip) {
      onRead(source.bytesRead);
      yield plain(chunk as Buffer);
    }
  } catch (cause) {
    throw gzipError(path, stored, cause);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function gzipError(path: string, stored: number, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  // Other errors come from the disk or from the caller.
  if (!code.startsWith('Z_')) return cause;
  const state = code === 'Z_BUF_ERROR' ? `is cut off after ${stored} bytes` : `is damaged (${(cause as Error).message})`;
  return new TemperError({
    code: 'data/invalid',
    message: `${path}: the gzip file ${state}`,
    hint: 'Copy or download the file again.',
    cause,
  });
}

/** Properties of a file that change with its content. */
interface Version {
  readonly size: number;
  readonly mtimeMs: number;
}

async function pieces(path: string, { size, mtimeMs }: Version, positions: ArrayLike<number>, length: number): Promise<Uint8Array> {
  let descriptor: number | undefined;
  try {
    // Synchronous: reads ahead must be started before the caller computes.
    descriptor = openSync(path, 'r');
    const now = fstatSync(descriptor);
    if (now.size !== size || now.mtimeMs !== mtimeMs)
      throw invalid(`${path}: changed while it was read`, 'Do not change data files during a run.');
    return await readPieces(descriptor, positions, length, path);
  } catch (error) {
    throw fileError('read', path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Returns a plain array without the methods of Node's Buffer, some of which (`slice`, `toString`) differ from those of other arrays. */
const plain = ({ buffer, byteOffset, length }: Buffer): Uint8Array => new Uint8Array(buffer, byteOffset, length);

const invalid = (message: string, hint: string): TemperError => new TemperError({ code: 'data/invalid', message, hint });
