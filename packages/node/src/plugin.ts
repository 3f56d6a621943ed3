import { getBackend } from '@tensorflow/tfjs-core';
import { definePlugin, eagerEngine, Tokens, type Plugin, type RunConfig } from '@temper/core';
import type { Container, ServiceIdentifier } from 'inversify';
import { compiledEngine, readyBackend } from '@temper/tensorflow';
import { bindFiles, type FilesOptions } from './files/plugin.js';
import { networkLoader } from './networks/network-loader.js';
import { WritableFolders } from './reporters/place.js';
import { runStore, type RunStoreOptions } from './store/run-store.js';

/** Options of `node()`. */
export interface NodeOptions extends FilesOptions {
  /** The folder that contains the folders of runs. Default `runs`. */
  readonly runs?: string;
  /**
   * The engine of updates: `compiled` (default) where the native backend is active; otherwise, and with `eager`, one operation at a time.
   */
  readonly engine?: 'compiled' | 'eager';
  /** Folders other than the run's own to which reporters of a config may write. Default none. */
  readonly writable?: readonly string[];
}

/**
 * Provides Node's services to runs: the native backend, run folders, saved networks, data files and the compiled engine. Creating it and
 * creating a kit with it touch no file.
 * @example createKit({ plugins: [schedules, losses, node({ runs: 'runs' })] })
 */
export function node({
  runs = 'runs',
  engine = 'compiled',
  folders = [],
  writable = [],
  ...options
}: NodeOptions = {}): Plugin<readonly []> {
  return definePlugin({
    name: 'node',
    services(container) {
      bindOver(container, Tokens.RunStore).toDynamicValue((context) =>
        runStore({ root: runs, folders, ...ofConfig(context.get(Tokens.Config, { optional: true })) }),
      );
      bindOver(container, Tokens.NetworkLoader).toDynamicValue(() => networkLoader({ runs, folders }));
      bindOver(container, WritableFolders).toConstantValue(writable);
      bindFiles(container, { ...options, folders });
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
