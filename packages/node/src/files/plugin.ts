import { definePlugin, Tokens, type Plugin } from '@temper/core';
import type { Container } from 'inversify';
import { filesFrom, observedFiles, type ReadProgress } from './node-files.js';

/** The folders of data files, and a listener for reads. */
export interface FilesOptions {
  /**
   * The folders from which relative paths of data and saved networks start, before the working folder: the folder of a config. Default:
   * none.
   */
  readonly folders?: readonly string[];
  /** Called with the part of a data file that was read: for progress while large files load. */
  readonly onRead?: (progress: ReadProgress) => void;
}

/** Binds the files of this machine in a container. */
export function bindFiles(container: Container, { folders = [], onRead }: FilesOptions): void {
  const own = filesFrom(folders);
  const binding = container.isBound(Tokens.Files) ? container.rebind(Tokens.Files) : container.bind(Tokens.Files);
  binding.toConstantValue(onRead === undefined ? own : observedFiles(own, onRead));
}

/**
 * Provides the files of this machine and nothing else: for programs that read data and train nothing, since it loads no TensorFlow.
 * `node()` includes it.
 * @example createKit({ plugins: [data, files({ folders: ['experiments'] })] })
 */
export const files = (options: FilesOptions = {}): Plugin<readonly []> =>
  definePlugin({ name: 'files', services: (container) => bindFiles(container, options) });
