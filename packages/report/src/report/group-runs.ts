import type { Json } from '@temper/core';

/** What decides the group of a run. */
export interface Groupable {
  readonly name: string;
  readonly seed?: number;
  readonly config?: Json;
}

/**
 * Puts runs together that differ in their name and seed alone, in the order of the first of each; a seed that comes twice begins a group of
 * its own, since the same run again says nothing about seeds.
 */
export function groupRuns<R extends Groupable>(runs: readonly R[]): readonly (readonly R[])[] {
  const groups: R[][] = [];
  for (const run of runs) {
    const fits = (group: readonly R[]): boolean => kindOf(group[0] as R) === kindOf(run) && !group.some(({ seed }) => seed === run.seed);
    const group = run.config === undefined || run.seed === undefined ? undefined : groups.find(fits);
    if (group === undefined) groups.push([run]);
    else group.push(run);
  }
  return groups;
}

/** The config without what differs between seeds. */
function kindOf({ config }: Groupable): string {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return JSON.stringify(config);
  const { name: _name, seed: _seed, ...rest } = config as Readonly<Record<string, Json>>;
  return JSON.stringify(rest);
}

/** A name for each group: of its first run; of several seeds, what their names have in common at the start. */
export function groupName(group: readonly Groupable[]): string {
  const [first, ...others] = group.map(({ name }) => name);
  if (first === undefined) return '';
  const common = others.reduce((start, name) => {
    let length = 0;
    while (length < start.length && start[length] === name[length]) length++;
    return start.slice(0, length);
  }, first);
  const words = common.replace(/[-_./ ]*(seed|s)?[-_./ ]*$/i, '');
  return words === '' ? first : words;
}
