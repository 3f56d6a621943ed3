import { TemperError, unknownName } from '@temper/core';
import { mostVariants, type Comparison } from './comparison-schema.js';

/** One of the things that are compared. */
export interface Variant {
  readonly name: string;
  /** Its folder: the name in letters that every file system has, no two alike. */
  readonly folder: string;
  /** What it changes of the config, by path. */
  readonly changes: Readonly<Record<string, unknown>>;
}

/** The variant that is added: the same student with the same data, on the labels alone. */
export const studentAlone = 'student alone';

const onLabels = { losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 }, temperature: 1 };

/**
 * All variants of a comparison: the student alone, those with names, and the combinations of the grid.
 * @throws TemperError `config/invalid` for none, for more than 1,000 (with their number), and `config/unknown-name` for a baseline that is
 * none of them.
 */
export function variantsOf({ variants, grid, studentAlone: isAdded, baseline }: Comparison): {
  variants: Variant[];
  baselines: readonly string[];
} {
  const named = Object.entries(variants);
  const size = Object.values(grid).reduce((product, values) => product * values.length, Object.keys(grid).length === 0 ? 0 : 1);
  if (named.length + size === 0) throw refuse('variants', 'must name at least one variant, or give a grid');
  if (named.length + size > mostVariants) {
    throw refuse(
      Object.keys(grid).length === 0 ? 'variants' : 'grid',
      `makes ${(named.length + size).toLocaleString('en-US')} variants, more than ${mostVariants.toLocaleString('en-US')}`,
    );
  }
  const all = [...(isAdded ? [[studentAlone, onLabels] as const] : []), ...named, ...combinations(grid)];
  // The run of a teacher that is trained for all has this folder.
  const taken = new Set(['teacher']);
  const found = all.map(([name, changes]) => ({ name, folder: folderOf(name, taken), changes }));
  const twice = found.find(({ name }, i) => found.findIndex((one) => one.name === name) !== i);
  if (twice !== undefined) throw refuse('variants', `has two variants named "${twice.name}"`);
  const chosen = typeof baseline === 'object' ? baseline.bestOf : [baseline ?? (found[0] as Variant).name];
  const names = found.map(({ name }) => name);
  const unknown = chosen.find((one) => !names.includes(one));
  if (unknown !== undefined)
    throw new TemperError({ code: 'config/unknown-name', path: 'baseline', message: unknownName('variant', unknown, names) });
  return { variants: found, baselines: chosen };
}

function combinations(grid: Comparison['grid']): (readonly [string, Readonly<Record<string, unknown>>])[] {
  const paths = Object.entries(grid);
  if (paths.length === 0) return [];
  return paths
    .reduce<Readonly<Record<string, unknown>>[]>(
      (made, [path, values]) => made.flatMap((one) => values.map((value) => ({ ...one, [path]: value }))),
      [{}],
    )
    .map((changes) => [
      Object.entries(changes)
        .map(([path, value]) => `${path}=${short(value)}`)
        .join(', '),
      changes,
    ]);
}

const short = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Lower case, since some file systems take "A" and "a" for one. */
function folderOf(name: string, taken: Set<string>): string {
  const plain =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60) || 'variant';
  let folder = plain;
  for (let i = 2; taken.has(folder); i++) folder = `${plain}-${i}`;
  taken.add(folder);
  return folder;
}

const refuse = (path: string, message: string): TemperError => new TemperError({ code: 'config/invalid', path, message });
