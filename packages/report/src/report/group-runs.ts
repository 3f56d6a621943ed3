import type { Json } from '@temper/core';

/** The properties by which runs are grouped. */
export interface Groupable {
  readonly name: string;
  readonly seed?: number;
  readonly config?: Json;
}

/**
 * Groups runs that differ only in their name and seed, in the order of the first of each; a repeated seed starts another group, since
 * repeating a run gives no information about seeds.
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

/** Returns the config without the parts that differ between seeds. */
function kindOf({ config }: Groupable): string {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return JSON.stringify(config);
  const { name: _name, seed: _seed, ...rest } = config as Readonly<Record<string, Json>>;
  return JSON.stringify(rest);
}

/** Returns a name for each group: that of its run; of several seeds, the common start of their names. */
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
