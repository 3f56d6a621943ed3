/** A number over the updates of a run. */
export interface Series {
  /** `temperature`, or `weighting.soft`: what stands before the first dot names the panel it is drawn in. */
  readonly name: string;
  /** Update (from 0) and value, in the order of the updates; values that are not finite leave a gap. */
  readonly points: readonly (readonly [step: number, value: number])[];
  /** Draws single marks instead of a line, for instance the means of epochs. */
  readonly marks?: boolean;
}

/** Title, axes and marks of a plot, whatever it is drawn with. */
export interface PlotOptions {
  readonly title?: string;
  /** What the horizontal axis counts. Default `step`. */
  readonly xLabel?: string;
  /** Updates at which an epoch or a stage begins; marked by lines. */
  readonly epochs?: readonly number[];
  /** Logarithmic vertical axes; panels with values that are not above 0 stay linear. */
  readonly logarithmic?: boolean;
}

/** A series inside its panel. */
export interface Labelled extends Series {
  readonly label: string;
  /** Number of its colour: the same in every panel for series of the same label. */
  readonly color: number;
}

/** Series that share a vertical axis. */
export interface Panel {
  readonly name: string;
  readonly series: readonly Labelled[];
  readonly logarithmic: boolean;
}

/** Series by panel, in the order in which they come; inside a panel a series is called by the rest of its name. */
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

/** Gives each series the colour that its label has in a panel before, else the first that no other series of its panel has. */
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

/** Only the points that can be drawn. */
export const finite = (points: Series['points']): Series['points'] =>
  points.filter(([step, value]) => Number.isFinite(step) && Number.isFinite(value));

/** A number for people: as many digits as count. */
export function short(value: number, digits = 4): string {
  const isExtreme = value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6);
  return isExtreme ? value.toExponential(digits - 1).replace(/\.?0+e/, 'e') : String(Number(value.toPrecision(digits)));
}
