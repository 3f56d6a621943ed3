import { Tokens, type DataSplits, type Kit, type RunConfig } from '@temper/core';

/** Data of earlier runs, by their config. */
export interface SharedData {
  /** Returns the data of a run; undefined if the config has none, or a plug-in binds others. */
  of(kit: Kit, config: RunConfig): Promise<DataSplits | undefined>;
}

/**
 * Loads the data of runs, and loads them again only where they may differ: another config of the data, or data of a plug-in that depend
 * on the rest of the run's config or on its random numbers.
 * @param most The number of data to keep; the oldest are dropped.
 */
export function sharedData(most = Infinity): SharedData {
  const loaded = new Map<string, DataSplits>();
  return {
    async of(kit, config) {
      const container = kit.container(config as never);
      if (config.data === undefined || container.isBound(Tokens.Data)) return undefined;
      const key = JSON.stringify(config.data);
      const known = loaded.get(key);
      if (known !== undefined) return known;
      let dependsOnRun = false;
      const note = <T>(_: unknown, service: T): T => {
        dependsOnRun = true;
        return service;
      };
      container.onActivation(Tokens.Config, note);
      container.onActivation(Tokens.Random, note);
      const splits = await kit.build('data', config.data, ['data'], container)();
      if (dependsOnRun) return splits;
      loaded.set(key, splits);
      for (const oldest of [...loaded.keys()].slice(0, Math.max(0, loaded.size - most))) loaded.delete(oldest);
      return splits;
    },
  };
}
