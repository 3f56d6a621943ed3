import { rm } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { TemperError, type CheckpointStore, type Json, type RunStore } from '@temper/core';
import { checkpointStore } from '../checkpoints/checkpoint-store.js';
import { saveNetwork } from '../networks/save-network.js';
import { prettyJson, writeFlushed, writeWhole } from './durable.js';
import { codeOf, fileError } from '@temper/tensorflow/system';
import { jsonLines, type JsonLines } from './json-lines.js';
import { isReserved } from './reserved.js';
import { checkNetworkName, createRunFolder, findRunFolder } from './run-folder.js';
import { configFile, runFile, runFileText } from './run-file.js';
import { lockRun, type RunLock } from './run-lock.js';
import { removeHalfWritten, removeUnfinished } from './unfinished.js';

/** The folder of a run store. */
export interface RunStoreOptions {
  /** The folder that contains the folders of runs. Default `runs`. */
  readonly root?: string;
  /** Name of the run's folder. Default, for new runs: the first free one of `distil-1`, `distil-2`, … */
  readonly name?: string;
  /** The number of newest checkpoints to keep. Default 2. */
  readonly keep?: number;
  /**
   * The folders from which relative paths in the config start, before the working folder. They are stored with the config. Default: none.
   */
  readonly folders?: readonly string[];
}

/** A run folder of Node. */
export type RunFolder = Required<RunStore>;

interface Opened {
  readonly folder: string;
  /** The folder's path for messages. */
  readonly shown: string;
  readonly metrics: JsonLines;
  readonly checkpoints: CheckpointStore;
  readonly lock: RunLock;
  /** Whether the folder records that a checkpoint was written. */
  checkpointed: boolean;
}

/**
 * Keeps a run in a folder `root/name`: `config.json` (resolved; `run.json` holds a copy), `metrics.jsonl` (one record a line, readable
 * during the run), `checkpoints`, networks in the standard tfjs format (`student/model.json` and
 * `student/weights.bin`, described by `student/student.json`), and at the end `summary.json`. Nothing is touched before `open` or `reopen`;
 * files are written whole or not at all, and a folder is one process's at a time.
 * @throws TemperError from `open` and `reopen`: `run/exists` where the name is taken or another process works on the run,
 * `run/no-checkpoint` where there is no such run, `environment/files` where the folder cannot be written; later
 * `environment/files` naming the file.
 * @example
 * const store = runStore({ root: 'runs', name: 'first' });
 * await store.open({ seed: 1 });
 * await store.append({ step: 10, loss: 0.5 });
 */
export function runStore({ root = 'runs', name, keep = 2, folders: given = [] }: RunStoreOptions = {}): RunFolder {
  let opened: Opened | undefined;
  let kept: Json = null;
  const run = (): Opened => {
    if (opened !== undefined) return opened;
    throw new TemperError({
      code: 'run/failed',
      message: `the run folder in ${root} does not exist yet`,
      hint: 'Call open(config) first, and wait for it.',
    });
  };
  // Relative to the run's folder, so that both may be moved together.
  const foldersFrom = (folder: string): string[] => given.map((one) => relative(folder, resolve(one)));
  const openOnce = async (open: () => Promise<Opened>): Promise<void> => {
    if (opened !== undefined) throw new TemperError({ code: 'run/failed', message: `the run folder ${opened.shown} is already open` });
    opened = await open();
  };
  return {
    get location() {
      return opened?.shown ?? join(root, name ?? '');
    },
    get name() {
      return opened === undefined ? (name ?? '') : basename(opened.folder);
    },
    get records() {
      return opened?.metrics.records ?? 0;
    },
    async open(config) {
      await openOnce(() => create(root, name, config, keep, foldersFrom));
      kept = config;
    },
    async reopen() {
      const found = await findRunFolder(root, name);
      await openOnce(() => openFolder(found.folder, found.shown, keep, found.checkpointed));
      await removeUnfinished(root);
      const { config, finished, checkpointed } = found;
      const warnings = [...found.warnings, ...run().metrics.problems];
      return {
        ...(config === undefined ? {} : { config }),
        finished,
        ...(checkpointed ? { checkpointed } : {}),
        ...(warnings.length === 0 ? {} : { warnings }),
      };
    },
    async rewind(config, records) {
      const { folder, metrics } = run();
      // Removed first, so that no resume, however often it is killed, treats the run as finished.
      await rm(join(folder, 'summary.json'), { force: true }).catch((error: unknown) =>
        Promise.reject(fileError('remove', join(folder, 'summary.json'), error, 'run')),
      );
      await removeHalfWritten(folder);
      await metrics.rewind(records);
      await writeWhole(join(folder, runFile), runFileText({ config, checkpointed: run().checkpointed, folders: foldersFrom(folder) }));
      await writeWhole(join(folder, configFile), prettyJson(config));
      kept = config;
    },
    // A resumed run repeats the warnings about unchanged facts; its records contain each once.
    append: async (record) => (record['type'] === 'warning' ? run().metrics.appendOnce(record) : run().metrics.append(record)),
    isReserved,
    async saveNetwork(as, network, description) {
      checkNetworkName(as);
      await run().lock.check();
      await saveNetwork(network, join(run().folder, as), description);
    },
    async finish(summary) {
      const { folder, metrics, lock } = run();
      await lock.check();
      await metrics.flush();
      await writeWhole(join(folder, 'summary.json'), prettyJson(summary));
      await lock.release();
    },
    async release() {
      await opened?.lock.release();
    },
    checkpoints: {
      async write(checkpoint, options) {
        // The records that the summary counts must survive a loss of power too.
        await run().lock.check();
        await run().metrics.flush();
        const written = await run().checkpoints.write(checkpoint, options);
        if (!run().checkpointed) {
          const { folder } = run();
          await writeWhole(join(folder, runFile), runFileText({ config: kept, checkpointed: true, folders: foldersFrom(folder) }));
        }
        run().checkpointed = true;
        return written;
      },
      latest: async (warn, check) => run().checkpoints.latest(warn, check),
      put: async (as, checkpoint) => run().checkpoints.put(as, checkpoint),
      get: async (as, warn) => run().checkpoints.get(as, warn),
    },
  };
}

async function create(
  root: string,
  name: string | undefined,
  config: Json,
  keep: number,
  foldersFrom: (folder: string) => string[],
): Promise<Opened> {
  // All run folders have the same parent, so relative paths from each of them are equal.
  const folders = foldersFrom(resolve(root, 'run'));
  const reserved = await createRunFolder(root, name, {
    [configFile]: prettyJson(config),
    [runFile]: runFileText({ config, checkpointed: false, folders }),
  });
  const folder = resolve(root, reserved);
  try {
    return await openFolder(folder, join(root, reserved), keep, false);
  } catch (error) {
    // The folder is new and empty: a second try must not find its name taken.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

async function openFolder(folder: string, shown: string, keep: number, checkpointed: boolean): Promise<Opened> {
  const metrics = join(folder, 'metrics.jsonl');
  try {
    const lock = await lockRun(folder, shown);
    try {
      await writeFlushed(metrics, '').catch((error: unknown) => (codeOf(error) === 'EEXIST' ? undefined : Promise.reject(error)));
      return {
        folder,
        shown,
        metrics: await jsonLines(metrics),
        checkpoints: checkpointStore(join(folder, 'checkpoints'), keep, folder),
        lock,
        checkpointed,
      };
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw fileError('write', metrics, error);
  }
}
