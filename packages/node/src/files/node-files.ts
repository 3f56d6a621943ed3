import { readdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { nearest, TemperError, type Files } from '@temper/core';
import { codeOf, fileError } from '@temper/tensorflow/system';
import { exists } from './exists.js';
import { openFile, readFile } from './open-file.js';
import { scratchFile } from './scratch-file.js';

/**
 * Files on this machine's disks; what is compressed with gzip, whatever its name, is read as if it were not.
 * Paths that are not absolute start from the folder the program runs in.
 * @throws TemperError `data/not-found` for a file or folder that is not there, with the nearest name next to it;
 * `data/invalid` for a gzip file that is damaged or cut off, and for a file that is too large to be read at once; `environment/files` for a
 * pipe or device, and where the system refuses.
 * @example await nodeFiles.read('data/mnist/t10k-labels-idx1-ubyte.gz') // 10,008 bytes
 */
export const nodeFiles: Files = {
  read: (path, maxBytes) => explained('read', path, () => readFile(path, maxBytes)),
  open: (path) => explained('read', path, () => openFile(path)),
  memory: Math.floor(totalmem() / 2),
  scratch: scratchFile,
  async list(path) {
    return (await explained('list', path, () => readdir(path))).sort();
  },
};

/**
 * Returns the same files, but relative paths start from the first of the folders that contains the path, and from the working folder
 * last.
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
  return {
    ...nodeFiles,
    read: (path, maxBytes) => within(path, (found) => nodeFiles.read(found, maxBytes)),
    list: (path) => within(path, nodeFiles.list),
    open: (path) => within(path, nodeFiles.open),
  };
}

/** The part of a file that was read, in bytes on disk. */
export interface ReadProgress {
  readonly path: string;
  readonly done: number;
  readonly total: number;
}

/** Returns the same files, but `onRead` is called for every piece of a file that is read. */
export function observedFiles(files: Files, onRead: (progress: ReadProgress) => void): Files {
  return {
    ...files,
    async open(path) {
      const file = await files.open(path);
      return {
        ...file,
        chunks: (given) =>
          file.chunks((done) => {
            given?.(done);
            onRead({ path, done, total: file.stored });
          }),
      };
    },
  };
}

async function explained<T>(action: 'read' | 'list', path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw error instanceof TemperError ? error : await explain(action, path, error);
  }
}

async function explain(action: 'read' | 'list', path: string, error: unknown): Promise<TemperError> {
  const code = codeOf(error);
  if (code === 'ENOENT') return notFound(path, error);
  if (code === 'EISDIR') return wrongKind(`cannot read ${path}: it is a folder`, `Give a file in it${await examples(path)}.`, error);
  if (code === 'ENOTDIR' && action === 'list')
    return wrongKind(`cannot list ${path}: it is a file, not a folder`, `Give its folder, ${dirname(path)}.`, error);
  return fileError(action, path, error);
}

const wrongKind = (message: string, hint: string, cause: unknown): TemperError =>
  new TemperError({ code: 'data/not-found', message, hint, cause });

/** Names the missing part of a path, and the names that exist in its place. */
async function notFound(path: string, cause: unknown): Promise<TemperError> {
  const folder = dirname(path);
  if (folder !== path && !(await exists(folder))) return notFound(folder, cause);
  const names = await readdir(folder).catch(() => []);
  const near = nearest(basename(path), names);
  const hint =
    near === undefined
      ? `Paths start from ${process.cwd()}; ${folder} holds ${names.length === 0 ? 'nothing' : `other names${await examples(folder)}`}.`
      : `Did you mean "${near}"?`;
  return new TemperError({ code: 'data/not-found', message: `there is no ${path}`, hint, cause });
}

async function examples(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  return names.length === 0 ? '' : `, for instance ${names.sort().slice(0, 5).join(', ')}`;
}
