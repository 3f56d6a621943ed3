import type { Json } from '../../json.js';
import type { Progress } from '../../progress.js';

/** The stretch that a schedule covers: a stage, or a part of one. */
type Span = Omit<Progress, 'step'>;
type Options = Readonly<Record<string, Json>>;

/**
 * Returns the updates at which the built-in schedules of a config bend or jump, and their neighbors: between two of them a schedule is
 * smooth, so its lowest value is at one of them or near the evenly spread updates. Of repeated schedules, the first and the last
 * repetition.
 * @example knotsOf({ type: 'piecewise', unit: 'steps', points: [{ at: 7, value: 2 }] }, { total: 100 }) // [6, 7, 8]
 */
export function knotsOf(config: Json, span: Span): number[] {
  const found = new Set<number>();
  for (const knot of within(config, span)) {
    for (const step of [Math.floor(knot) - 1, Math.floor(knot), Math.ceil(knot), Math.ceil(knot) + 1])
      if (step >= 0 && step < span.total) found.add(step);
  }
  return [...found].sort((a, b) => a - b);
}

function within(config: Json | undefined, span: Span): number[] {
  if (typeof config !== 'object' || config === null || !(span.total > 0)) return [];
  if (Array.isArray(config)) return (config as readonly Json[]).flatMap((item) => within(item, span));
  const options = config as Options;
  const { of, ...own } = options;
  const type = typeof own['type'] === 'string' ? own['type'] : '';
  return [...(Object.hasOwn(operators, type) ? operators[type as Operator](options, span) : within(of, span)), ...ownKnots(own, span)];
}

/** Operators that give their parts another progress than their own. */
const operators = {
  sequence({ of, lengths }: Options, span: Span): number[] {
    const parts = Array.isArray(of) ? (of as readonly Json[]) : [];
    const given = Array.isArray(lengths) ? (lengths as readonly Json[]) : undefined;
    let from = 0;
    return parts.flatMap((part, i) => {
      const length = given === undefined ? span.total / parts.length : (updatesIn(given[i], span) ?? span.total - from);
      const end = Math.min(span.total, Math.round(from + length));
      const begin = from;
      from = end;
      return [begin, ...moved(within(part, partOf(span, begin, end)), begin)];
    });
  },
  repeat({ of, times }: Options, span: Span): number[] {
    const length = span.total / Math.max(1, Number(times));
    const last = Math.round(span.total - length);
    return [0, Math.round(length), last].flatMap((begin) => [
      begin,
      ...moved(within(of, partOf(span, begin, Math.round(begin + length))), begin),
    ]);
  },
  reverse: ({ of }: Options, span: Span): number[] => within(of, span).map((knot) => span.total - 1 - knot),
  global({ of }: Options, span: Span): number[] {
    const { run } = span;
    return run === undefined ? within(of, span) : moved(within(of, run), -run.step);
  },
};
type Operator = keyof typeof operators;

const moved = (knots: readonly number[], by: number): number[] => knots.map((knot) => knot + by);
const partOf = ({ run, ...span }: Span, begin: number, end: number): Span => ({
  ...span,
  total: end - begin,
  ...(run === undefined ? {} : { run: { ...run, step: run.step + begin } }),
});

/** Returns the knots among the options of a curve: points, consecutive lengths, cycles. */
function ownKnots(options: Options, span: Span): number[] {
  let sum = 0;
  return [
    ...pointsOf(options, span),
    ...cyclesOf(options, span),
    ...Object.entries(options).flatMap(([key, value]) => {
      if (key === 'points' || key === 'lengths') return [];
      const places = (Array.isArray(value) ? (value as readonly Json[]) : [value]).flatMap((one) => updatesIn(one, span) ?? []);
      if (places.length === 0) return within(value, span);
      // A warm-up, and the part after it.
      return [...places, (sum += places[0] as number)];
    }),
  ];
}

function pointsOf({ points, unit }: Options, { total, stepsPerEpoch = 1 }: Span): number[] {
  if (!Array.isArray(points)) return [];
  const scale = unit === 'steps' ? 1 : unit === 'epochs' ? stepsPerEpoch : total - 1;
  return (points as readonly Json[]).flatMap((point) => {
    const at = typeof point === 'object' && point !== null && 'at' in point ? point.at : undefined;
    return typeof at === 'number' ? [at * scale] : [];
  });
}

/** Returns the middle and the end of the first cycle, which is the highest, and those of the last. */
function cyclesOf({ cycles, cycle }: Options, span: Span): number[] {
  const length = typeof cycles === 'number' ? span.total / cycles : updatesIn(cycle, span);
  if (length === undefined) return [];
  const last = (Math.ceil(span.total / length) - 1) * length;
  return [length / 2, length, last, last + length / 2];
}

/** Returns the updates of `{ steps: n }`, `{ epochs: n }` or `{ fraction: p }`. */
function updatesIn(value: Json | undefined, { total, stepsPerEpoch = 1 }: Span): number | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length !== 1) return undefined;
  const { steps, epochs, fraction } = value as Options;
  if (typeof steps === 'number') return steps;
  if (typeof epochs === 'number') return epochs * stepsPerEpoch;
  return typeof fraction === 'number' ? fraction * total : undefined;
}
