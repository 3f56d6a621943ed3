import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { nearest, TemperError, type Files } from '@temper/core';
import { codeOf, fileError } from '../store/file-error.js';
import { exists } from './exists.js';
import { readRegular } from './read-regular.js';

/**
 * Files on this machine's disks; what is compressed with gzip, whatever its name, is read as if it were not.
 * Paths that are not absolute start from the folder the program runs in.
 * @throws TemperError `data/not-found` for a file or folder that is not there, with the nearest name beside it;
 * `data/invalid` for a gzip file that is damaged or cut off; `environment/files` where the system refuses.
 * @example await nodeFiles.read('data/mnist/t10k-labels-idx1-ubyte.gz') // 10,008 bytes
 */
export const nodeFiles: Files = {
  async read(path) {
    const bytes = await readRegular(path).catch(async (error: unknown) => {
      throw await explain('read', path, error);
    });
    return isGzip(bytes) ? unzip(bytes, path) : plain(bytes);
  },
  async list(path) {
    const names = await readdir(path).catch(async (error: unknown) => {
      throw await explain('list', path, error);
    });
    return names.sort();
  },
};

/**
 * The same files, but relative paths start from the first of the folders that holds the path, and from the working folder last.
 * @example await filesFrom(['experiments']).read('iris.csv') // experiments/iris.csv, else iris.csv
 */
export function filesFrom(folders: readonly string[]): Files {
  const find = async (path: string): Promise<string> => {
    const candidates = isAbsolute(path) ? [] : folders.map((folder) => join(folder, path));
    for (const candidate of candidates) if (await exists(candidate)) return candidate;
    return path;
  };
  const within = async <T>(path: string, use: (path: string) => Promise<T>): Promise<T> => {
    const found = await find(path);
    try {
      return await use(found);
    } catch (error) {
      if (!(error instanceof TemperError) || found !== path || isAbsolute(path) || folders.length === 0) throw error;
      throw new TemperError({ ...error.details, hint: `${error.hint ?? ''} Looked in ${folders.join(', ')} first.`.trim(), cause: error });
    }
  };
  return { read: (path) => within(path, nodeFiles.read), list: (path) => within(path, nodeFiles.list) };
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Without the further methods of Node's Buffer, some of which (`slice`, `toString`) differ from those of other arrays. */
const plain = ({ buffer, byteOffset, length }: Buffer): Uint8Array => new Uint8Array(buffer, byteOffset, length);

async function unzip(bytes: Buffer, path: string): Promise<Uint8Array> {
  try {
    return plain(await promisify(gunzip)(bytes));
  } catch (cause) {
    const isCut = cause instanceof Error && 'code' in cause && cause.code === 'Z_BUF_ERROR';
    const state = isCut ? `is cut off after ${bytes.length} bytes` : `is damaged (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new TemperError({ code: 'data/invalid', message: `${path}: the gzip file ${state}`, hint: 'Copy or download the file again.', cause });
  }
}

async function explain(action: 'read' | 'list', path: string, error: unknown): Promise<TemperError> {
  const code = codeOf(error);
  if (code === 'ENOENT') return notFound(path, error);
  if (code === 'EISDIR') return wrongKind(`cannot read ${path}: it is a folder`, `Give a file in it${await examples(path)}.`, error);
  if (code === 'ENOTDIR' && action === 'list') return wrongKind(`cannot list ${path}: it is a file, not a folder`, `Give its folder, ${dirname(path)}.`, error);
  return fileError(action, path, error);
}

const wrongKind = (message: string, hint: string, cause: unknown): TemperError => new TemperError({ code: 'data/not-found', message, hint, cause });

/** Names the part of a path that is missing, and what is there in its place. */
async function notFound(path: string, cause: unknown): Promise<TemperError> {
  const folder = dirname(path);
  if (folder !== path && !(await exists(folder))) return notFound(folder, cause);
  const names = await readdir(folder).catch(() => []);
  const near = nearest(basename(path), names);
  const hint = near === undefined ? `Paths start from ${process.cwd()}; ${folder} holds ${names.length === 0 ? 'nothing' : `other names${await examples(folder)}`}.` : `Did you mean "${near}"?`;
  return new TemperError({ code: 'data/not-found', message: `there is no ${path}`, hint, cause });
}

async function examples(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  return names.length === 0 ? '' : `, for instance ${names.sort().slice(0, 5).join(', ')}`;
}
