/** A number over the updates of a run. */
export interface Series {
  /** `temperature`, or `weighting.soft`: the part before the first dot names its panel. */
  readonly name: string;
  /** Update (from 0) and value, in the order of the updates; values that are not finite leave a gap. */
  readonly points: readonly (readonly [step: number, value: number])[];
  /** Draws single marks instead of a line, for instance for the means of epochs. */
  readonly marks?: boolean;
}

/** Title, axes and marks of a plot in any format. */
export interface PlotOptions {
  readonly title?: string;
  /** The quantity on the horizontal axis. Default `step`. */
  readonly xLabel?: string;
  /** Updates at which an epoch or a stage begins; drawn as vertical lines. */
  readonly epochs?: readonly number[];
  /** Logarithmic vertical axes; panels with values that are 0 or negative stay linear. */
  readonly logarithmic?: boolean;
}

/** A series inside its panel. */
export interface Labelled extends Series {
  readonly label: string;
  /** Index of its color: the same in every panel for series with the same label. */
  readonly color: number;
}

/** Series that share a vertical axis. */
export interface Panel {
  readonly name: string;
  readonly series: readonly Labelled[];
  readonly logarithmic: boolean;
}

/** Groups series into panels, in the order in which they come; inside a panel a series is labeled by the rest of its name. */
export function panelsOf(series: readonly Series[], { logarithmic = false }: PlotOptions = {}): readonly Panel[] {
  const panels = new Map<string, (Series & { label: string })[]>();
  for (const one of series) {
    const [name = '', ...rest] = one.name.split('.');
    const panel = panels.get(name) ?? [];
    panels.set(name, panel);
    panel.push({ ...one, label: rest.join('.') || name });
  }
  const known = new Map<string, number>();
  return [...panels].map(([name, members]) => ({
    name,
    series: coloured(members, known),
    logarithmic: logarithmic && members.every(({ points }) => finite(points).every(([, value]) => value > 0)),
  }));
}

/** Gives each series the color that its label has in an earlier panel, else the first color that is free in its panel. */
function coloured<S extends Series & { readonly label: string }>(members: readonly S[], known: Map<string, number>): (S & Labelled)[] {
  const taken = new Set(members.flatMap(({ label }) => known.get(label) ?? []));
  const free = (): number => {
    let color = 0;
    while (taken.has(color)) color++;
    taken.add(color);
    return color;
  };
  return members.map((one) => {
    const color = known.get(one.label) ?? free();
    known.set(one.label, color);
    return { ...one, color };
  });
}

/** Returns the points that can be drawn. */
export const finite = (points: Series['points']): Series['points'] =>
  points.filter(([step, value]) => Number.isFinite(step) && Number.isFinite(value));

/** Formats a number with at most `digits` significant digits. */
export function short(value: number, digits = 4): string {
  const isExtreme = value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6);
  return isExtreme ? value.toExponential(digits - 1).replace(/\.?0+e/, 'e') : String(Number(value.toPrecision(digits)));
}
