import { configOf, createRandom, TemperError, unknownName } from '@temper/core';
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
 * All variants of a comparison: the student alone, those with names, and the combinations of the grid, or `sample` of these.
 * @throws TemperError `config/invalid` for none, for more than 1,000 (with their number), and `config/unknown-name` for a baseline that is
 * none of them.
 */
export function variantsOf({ variants, grid, sample, studentAlone: isAdded, baseline }: Comparison): {
  variants: Variant[];
  baselines: readonly string[];
} {
  const named = Object.entries(variants);
  const size = Object.values(grid).reduce((product, values) => product * values.length, Object.keys(grid).length === 0 ? 0 : 1);
  if (named.length + size === 0) throw refuse('variants', 'must name at least one variant, or give a grid');
  if (sample !== undefined && size === 0) throw refuse('sample', 'takes combinations of a grid, and there is no grid');
  const taken = Math.min(size, sample ?? size);
  if (named.length + taken > mostVariants) {
    throw refuse(
      size === 0 ? 'variants' : 'grid',
      `makes ${(named.length + taken).toLocaleString('en-US')} variants, more than ${mostVariants.toLocaleString('en-US')}`,
      size === 0 ? undefined : 'Try some of them, chosen at random: sample: 100, or --sample 100 on the command line.',
    );
  }
  const places = taken === size ? Array.from({ length: size }, (_, i) => i) : sampleOf(size, taken);
  const all = [...(isAdded ? [[studentAlone, onLabels] as const] : []), ...named, ...places.map((place) => combination(grid, place))];
  // The run of a teacher that is trained for all has this folder.
  const folders = new Set(['teacher']);
  const found = all.map(([name, changes]) => ({ name, folder: folderOf(name, folders), changes }));
  const seen = new Set<string>();
  const twice = found.find(({ name }) => seen.size === seen.add(name).size);
  if (twice !== undefined) throw refuse('variants', `has two variants named "${twice.name}"`);
  const chosen = typeof baseline === 'object' ? baseline.bestOf : [baseline ?? (found[0] as Variant).name];
  const names = found.map(({ name }) => name);
  const unknown = chosen.find((one) => !names.includes(one));
  if (unknown !== undefined)
    throw new TemperError({ code: 'config/unknown-name', path: 'baseline', message: unknownName('variant', unknown, names) });
  return { variants: found, baselines: chosen };
}

/** Different numbers below `size`, in order; the same ones every time. */
function sampleOf(size: number, count: number): number[] {
  const stream = createRandom(0).stream('sample of a grid', size);
  const found = new Set<number>();
  // More than half of them: those that are left out are drawn.
  const left = count > size / 2;
  while (found.size < (left ? size - count : count)) found.add(stream.integer(size));
  return left ? Array.from({ length: size }, (_, i) => i).filter((i) => !found.has(i)) : [...found].sort((a, b) => a - b);
}

/** The combination of a grid with this number; the last path changes fastest. */
function combination(grid: Comparison['grid'], place: number): readonly [string, Readonly<Record<string, unknown>>] {
  let rest = place;
  const picked = Object.entries(grid)
    .reverse()
    .map(([path, values]) => {
      const value = values[rest % values.length];
      rest = Math.floor(rest / values.length);
      return [path, value] as const;
    })
    .reverse();
  return [picked.map(([path, value]) => `${path}=${short(value)}`).join(', '), Object.fromEntries(picked)];
}

const short = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(configOf(value) ?? value) ?? String(value)));

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

const refuse = (path: string, message: string, hint?: string): TemperError =>
  new TemperError({ code: 'config/invalid', path, message, ...(hint === undefined ? {} : { hint }) });
