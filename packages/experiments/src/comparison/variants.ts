import { configOf, createRandom, TemperError, unknownName } from '@temper/core';
import { mostVariants, type Comparison } from './comparison-schema.js';

/** One of the compared variants. */
export interface Variant {
  readonly name: string;
  /** Its folder: the name in characters that every file system allows, unique in the comparison. */
  readonly folder: string;
  /** Its changes to the config, by path. */
  readonly changes: Readonly<Record<string, unknown>>;
}

/** The variant that is added: the same student with the same data, trained on the labels alone. */
export const studentAlone = 'student alone';

const onLabels = { losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 }, temperature: 1 };

/**
 * Returns all variants of a comparison: the student alone, named variants, and the combinations of the grid, or `sample` of these.
 * @throws TemperError `config/invalid` for none, for more than 1,000 (with their number), and `config/unknown-name` for a baseline that
 * is not one of them.
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
  // The run of a shared teacher has this folder.
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

/** Returns different numbers below `size`, in order; the same ones every time. */
function sampleOf(size: number, count: number): number[] {
  const stream = createRandom(0).stream('sample of a grid', size);
  const found = new Set<number>();
  // For more than half of them, the omitted numbers are drawn.
  const left = count > size / 2;
  while (found.size < (left ? size - count : count)) found.add(stream.integer(size));
  return left ? Array.from({ length: size }, (_, i) => i).filter((i) => !found.has(i)) : [...found].sort((a, b) => a - b);
}

/** Returns the combination of a grid with this number; the last path changes fastest. */
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

/** Returns a name in lower case, since some file systems treat "A" and "a" as equal. */
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
