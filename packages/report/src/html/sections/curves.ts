import type { Chart } from '@temper/plots';
import { drawnGroups, type ColoredGroup } from '../../report/figures.js';
import { overSeeds, type SeedCurve } from '../../report/over-seeds.js';
import type { Report } from '../../report/report.js';
import { nameOf } from '../../text/clean.js';
import { percent, short } from '../../text/numbers.js';
import { figure, type Draw, type Figure } from '../figure.js';
import { html, type Html } from '../html.js';
import { legend } from '../legend.js';
import { note } from '../section.js';

/** The maximum number of charts of a section; further ones are named, not drawn. */
const mostCharts = 12;
/** The maximum number of rows in the table of a chart. */
const mostRows = 13;

/** The quantities of the records that a section shows. */
export interface Shown {
  /** Returns the title of a quantity by its name in the records; undefined for those of other sections. */
  readonly titleOf: (name: string) => string | undefined;
  readonly isShare?: (name: string) => boolean;
  /** Quantities with a smaller number come first. Default: in the order of the records. */
  readonly order?: (name: string) => number;
  /** Shows each record as a point, for quantities that are measured a few times only. */
  readonly dots?: boolean;
}

interface Drawn {
  readonly group: ColoredGroup;
  readonly curve: SeedCurve;
}

/** Draws the quantities over the updates, one chart for each with all groups in it; undefined where no run has any. */
export function curveCharts(report: Report, draw: Draw, shown: Shown): Html | undefined {
  const groups = drawnGroups(report);
  const names = [...new Set(groups.flatMap(({ runs }) => runs.flatMap(({ curves }) => Object.keys(curves?.series ?? {}))))];
  const wanted = names.flatMap((name) => {
    const title = shown.titleOf(name);
    return title === undefined ? [] : [{ name, title }];
  });
  if (wanted.length === 0) return undefined;
  const { order = () => 0 } = shown;
  wanted.sort((a, b) => order(a.name) - order(b.name));
  const left = wanted.slice(mostCharts).map(({ title }) => nameOf(title));
  const hasSeeds = groups.some(({ runs }) => runs.length > 1);
  return html`${legend(groups)}
${hasSeeds && note('Lines are means over seeds, areas reach from the least to the largest seed.')}
<div class="charts">${wanted.slice(0, mostCharts).map((one) => figure(figureFor(report, groups, one, shown), draw))}</div>
${left.length > 0 && note(`Not drawn: ${left.join(', ')}.`)}`;
}

function figureFor(
  report: Report,
  groups: readonly ColoredGroup[],
  { name, title }: { readonly name: string; readonly title: string },
  { isShare = () => false, dots = false }: Shown,
): Figure {
  const drawn = groups.flatMap((group): Drawn[] => {
    const curve = overSeeds(group.runs.map(({ curves }) => curves?.series[name] ?? []));
    return curve === undefined ? [] : [{ group, curve }];
  });
  const show = (value: number): string => (isShare(name) ? percent(value) : short(value));
  const chart: Chart = {
    x: { label: 'update', range: rangeOf(drawn) },
    y: { label: '', ...(isShare(name) ? { unit: 'share' as const } : {}) },
    lines: drawn.map(({ group, curve }) => ({ color: group.color, points: curve.line, dots: dots && curve.line.length <= 30 })),
    bands: drawn.flatMap(({ group, curve }) => (curve.band === undefined ? [] : [{ color: group.color, points: curve.band }])),
    verticals: stageStarts(groups),
  };
  return { title: nameOf(title), alternative: inWords(drawn, show), chart, numbers: numbersOf(drawn, show, report.kind === 'run') };
}

/** Returns the range from the start of the runs to the last update of the longest. */
function rangeOf(drawn: readonly Drawn[]): readonly [low: number, high: number] {
  const ends = drawn.map(({ curve: { line } }) => line[line.length - 1]?.[0] ?? 0);
  return [0, Math.max(1, ...ends)];
}

/** Returns the starts of stages after the first, if all runs have the same. */
function stageStarts(groups: readonly ColoredGroup[]): readonly number[] {
  const all = groups.flatMap(({ runs }) => runs.flatMap(({ curves }) => (curves === undefined ? [] : [curves.stages.slice(1)])));
  const starts = all.map((stages) => stages.map(({ step }) => step).join());
  return starts.every((one) => one === starts[0]) ? (all[0] ?? []).slice(0, 20).map(({ step }) => step) : [];
}

function inWords(drawn: readonly Drawn[], show: (value: number) => string): string {
  return drawn
    .slice(0, 12)
    .map(({ group, curve: { line } }) => {
      const [first, last] = [line[0], line[line.length - 1]];
      if (first === undefined || last === undefined) return '';
      return `${nameOf(group.name)}: from ${show(first[1])} at update ${first[0]} to ${show(last[1])} at update ${last[0]}.`;
    })
    .join(' ');
}

/** Returns evenly spaced rows of the curves; a value between two records is that of the previous record. */
function numbersOf(drawn: readonly Drawn[], show: (value: number) => string, isAlone: boolean): Figure['numbers'] {
  const steps = [...new Set(drawn.flatMap(({ curve }) => curve.line.map(([step]) => step)))].sort((a, b) => a - b);
  const count = Math.min(mostRows, steps.length);
  const chosen = Array.from({ length: count }, (_, i) => steps[Math.round((i * (steps.length - 1)) / Math.max(1, count - 1))] as number);
  const valueAt = ({ curve: { line } }: Drawn, step: number): string => {
    const found = line.findLast(([at]) => at <= step);
    return found === undefined || step > (line[line.length - 1] as readonly [number, number])[0] ? '–' : show(found[1]);
  };
  return {
    head: ['update', ...drawn.map(({ group }) => (isAlone ? 'value' : nameOf(group.name, 30)))],
    rows: chosen.map((step) => [String(step), ...drawn.map((one) => valueAt(one, step))]),
  };
}
