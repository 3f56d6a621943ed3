import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TemperError, type RunStore } from '@temper/core';
import { saveNetwork } from '../networks/save-network.js';
import { prettyJson, writeFlushed, writeWhole } from './durable.js';
import { fileError } from './file-error.js';
import { jsonLines, type JsonLines } from './json-lines.js';
import { checkName, createRunFolder } from './run-folder.js';

export interface RunStoreOptions {
  /** The folder that holds the runs' folders. Default `runs`. */
  readonly root?: string;
  /** Name of the run's folder; it must be free. Default: the first free one of `distil-1`, `distil-2`, … */
  readonly name?: string;
}

/**
 * Keeps a run in a folder `root/name`: `config.json` (resolved), `metrics.jsonl` (one record a line, readable while
 * the run goes on), networks in the standard tfjs format (`student/model.json` and `student/weights.bin`), and at
 * the end `summary.json`. Nothing is touched before `open`; files are written whole or not at all.
 * @throws TemperError from `open`: `run/exists` with a free name, `environment/files` where the folder cannot be
 * made; later `environment/files` naming the file.
 * @example
 * const store = runStore({ root: 'runs', name: 'first' });
 * await store.open({ seed: 1 });
 * await store.append({ step: 10, loss: 0.5 });
 */
export function runStore({ root = 'runs', name }: RunStoreOptions = {}): RunStore {
  let opened: { readonly name: string; readonly folder: string; readonly metrics: JsonLines } | undefined;
  const run = (): NonNullable<typeof opened> => {
    if (opened !== undefined) return opened;
    throw new TemperError({ code: 'run/failed', message: `the run folder in ${root} is not there yet`, hint: 'Call open(config) first, and wait for it.' });
  };
  return {
    get location() {
      return join(root, opened?.name ?? name ?? '');
    },
    async open(config) {
      if (opened !== undefined) throw new TemperError({ code: 'run/failed', message: `the run folder ${join(root, opened.name)} is open already` });
      const reserved = await createRunFolder(root, name);
      const folder = resolve(root, reserved);
      const metrics = join(folder, 'metrics.jsonl');
      try {
        await writeWhole(join(folder, 'config.json'), prettyJson(config), 'user');
        await writeFlushed(metrics, '');
      } catch (error) {
        // The folder is ours and holds nothing yet: a second try must not find its name taken.
        await rm(folder, { recursive: true, force: true }).catch(() => undefined);
        throw fileError('write', metrics, error);
      }
      opened = { name: reserved, folder, metrics: jsonLines(metrics) };
    },
    append: async (record) => run().metrics.append(record),
    async saveNetwork(as, network) {
      checkName('network name', as);
      await saveNetwork(network, join(run().folder, as));
    },
    async finish(summary) {
      await run().metrics.flush();
      await writeWhole(join(run().folder, 'summary.json'), prettyJson(summary));
    },
  };
}
