import { definePlugin, Tokens, type Plugin } from '@temper/core';
import type { Container } from 'inversify';
import { filesFrom, observedFiles, type ReadProgress } from './node-files.js';

/** Where data files are looked for, and who hears of their reading. */
export interface FilesOptions {
  /** Where relative paths of data and saved networks start from, before the working folder: a config's folder. Default: none. */
  readonly folders?: readonly string[];
  /** Hears how much of a data file was read: to show progress while large files load. */
  readonly onRead?: (progress: ReadProgress) => void;
}

/** Binds the files of this machine in a container. */
export function bindFiles(container: Container, { folders = [], onRead }: FilesOptions): void {
  const own = filesFrom(folders);
  const binding = container.isBound(Tokens.Files) ? container.rebind(Tokens.Files) : container.bind(Tokens.Files);
  binding.toConstantValue(onRead === undefined ? own : observedFiles(own, onRead));
}

/**
 * The files of this machine and nothing else: for programs that read data and train nothing, since it loads no TensorFlow. `node()` holds
 * it already.
 * @example createKit({ plugins: [data, files({ folders: ['experiments'] })] })
 */
export const files = (options: FilesOptions = {}): Plugin<readonly []> =>
  definePlugin({ name: 'files', services: (container) => bindFiles(container, options) });
