import { groupName, groupRuns, type Group } from '@temper/report';
import type { ComparisonResult } from './comparison-result.js';
import type { ReadRun } from './read-run.js';

/** A group of runs that still lack curves and networks. */
export interface ReadGroup extends Group {
  readonly runs: readonly ReadRun[];
}

/** Groups whose curves are drawn: more lines cannot be distinguished. */
const mostDrawn = 12;

/** Puts runs together that differ in their seed alone; the first groups are drawn. */
export const groupsOfRuns = (runs: readonly ReadRun[]): readonly ReadGroup[] =>
  groupRuns(runs).map((some, i) => ({ name: groupName(some), isDrawn: i < mostDrawn, isJudged: true, runs: some }));

/** The variants of a comparison with their runs; drawn are the one that was chosen, the baseline, and the best on validation data. */
export function groupsOfResult(runs: readonly ReadRun[], result: ComparisonResult, better: 'max' | 'min'): readonly ReadGroup[] {
  const { variants, chosen, baseline } = result;
  const isJudged = (name: string): boolean => name === chosen.name || name === baseline;
  const sign = better === 'min' ? 1 : -1;
  const order = [...variants].sort((a, b) => Number(isJudged(b.name)) - Number(isJudged(a.name)) || sign * (a.mean - b.mean));
  const drawn = new Set(order.slice(0, mostDrawn).map(({ name }) => name));
  return variants.map(({ name }) => {
    const ids = new Set(Object.hasOwn(result.runs, name) ? result.runs[name] : []);
    return { name, isDrawn: drawn.has(name), isJudged: isJudged(name), runs: runs.filter((run) => ids.has(run.name)) };
  });
}

/** The variants of a comparison that has no result yet, by the folders of their runs. */
export function groupsOfFolders(runs: readonly ReadRun[]): readonly ReadGroup[] {
  const folders = new Map<string, ReadRun[]>();
  for (const run of runs) {
    const folder = run.name.slice(0, run.name.indexOf('/'));
    folders.set(folder, [...(folders.get(folder) ?? []), run]);
  }
  return [...folders].map(([name, some], i) => ({ name, isDrawn: i < mostDrawn, isJudged: false, runs: some }));
}
