import { getBackend } from '@tensorflow/tfjs-core';
import { definePlugin, eagerEngine, Tokens, type Plugin, type RunConfig } from '@temper/core';
import type { Container, ServiceIdentifier } from 'inversify';
import { readyBackend } from './backend/ready-backend.js';
import { compiledEngine } from './compiled/engine.js';
import { filesFrom, observedFiles, type ReadProgress } from './files/node-files.js';
import { networkLoader } from './networks/network-loader.js';
import { WritableFolders } from './reporters/place.js';
import { runStore, type RunStoreOptions } from './store/run-store.js';

/** What `node()` may be told. */
export interface NodeOptions {
  /** The folder that holds the runs' folders. Default `runs`. */
  readonly runs?: string;
  /** Where relative paths of data and saved networks start from, before the working folder: a config's folder. Default: none. */
  readonly folders?: readonly string[];
  /** Hears how much of a data file was read: to show progress while large files load. */
  readonly onRead?: (progress: ReadProgress) => void;
  /** How updates are made: `compiled` (default) where the native backend is active, else and with `eager` one operation at a time. */
  readonly engine?: 'compiled' | 'eager';
  /** Folders besides the run's own in which reporters that a config names may write. Default none. */
  readonly writable?: readonly string[];
}

/**
 * What Node adds to a run: the native backend, run folders, saved networks, data files and the compiled engine. Making
 * it and making a kit with it touch no file.
 * @example createKit({ plugins: [schedules, losses, node({ runs: 'runs' })] })
 */
export function node({ runs = 'runs', engine = 'compiled', folders = [], onRead, writable = [] }: NodeOptions = {}): Plugin<readonly []> {
  return definePlugin({
    name: 'node',
    services(container) {
      bindOver(container, Tokens.RunStore).toDynamicValue((context) =>
        runStore({ root: runs, ...ofConfig(context.get(Tokens.Config, { optional: true })) }),
      );
      bindOver(container, Tokens.NetworkLoader).toDynamicValue(() => networkLoader({ runs, folders }));
      bindOver(container, WritableFolders).toConstantValue(writable);
      bindOver(container, Tokens.Files).toConstantValue(onRead === undefined ? filesFrom(folders) : observedFiles(filesFrom(folders), onRead));
      bindOver(container, Tokens.Engine).toDynamicValue(() =>
        engine === 'compiled' && getBackend() === 'tensorflow' ? compiledEngine() : eagerEngine,
      );
    },
    // Each warning with its remedy, as the run reports them.
    ready: async () => (await readyBackend()).map(({ message, hint }) => `${message}\n  ${hint}`),
  });
}

const ofConfig = (config: RunConfig | undefined): RunStoreOptions => ({
  ...(config?.name === undefined ? {} : { name: config.name }),
  ...(config === undefined ? {} : { keep: config.checkpoints.keep }),
});

const bindOver = <T>(container: Container, token: ServiceIdentifier<T>) =>
  container.isBound(token) ? container.rebind(token) : container.bind(token);
