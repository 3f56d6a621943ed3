import type { Json } from '@temper/core';
import { drawnGroups } from './figures.js';
import type { Report } from './report.js';

/** A path of a config whose values differ, and its value in each. */
export interface Difference {
  readonly path: string;
  /** JSON; undefined where a config does not have the path. */
  readonly values: readonly (string | undefined)[];
}

/** Returns the config of the first run of each drawn group; groups without one are left out. */
export const drawnConfigs = (report: Report): readonly { readonly name: string; readonly config: Json }[] =>
  drawnGroups(report).flatMap(({ name, runs: [run] }) => (run?.config === undefined ? [] : [{ name, config: run.config }]));

/** Returns the differences of configs, apart from their names and seeds, in the order of the paths of the first config. */
export function configDifferences(configs: readonly Json[]): readonly Difference[] {
  const all = configs.map((config) => new Map(leaves(config, '').filter(([path]) => path !== 'name' && path !== 'seed')));
  const paths = new Set(all.flatMap((one) => [...one.keys()]));
  return [...paths].flatMap((path) => {
    const values = all.map((one) => one.get(path));
    return values.every((value) => value === values[0]) ? [] : [{ path, values }];
  });
}

function leaves(value: Json, path: string): [path: string, value: string][] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [[path, JSON.stringify(value)]];
  const at = (key: string): string => (Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
  return Object.entries(value as Readonly<Record<string, Json>>).flatMap(([key, inner]) => leaves(inner, at(key)));
}
