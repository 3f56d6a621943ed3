import type { Json } from '../../json.js';
import { formatPath, type Path } from '../../path.js';
import type { Every, StopRule } from '../../kit/run-config.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import type { LengthInSteps } from '../../contracts/stage.js';

type Options = Readonly<Record<string, Json>>;

/** The stretch of updates that a schedule covers. */
interface Span {
  readonly steps: number;
  readonly perEpoch: number;
  readonly run: number;
  readonly evaluations: number;
}

/** The options that are periods, which repeat; every other length is followed by another part. */
const periods: readonly string[] = ['every', 'cycle'];

/**
 * Returns warnings about lengths in the schedules of a stage that exceed the stage, so that later parts are never reached: a warm-up, the
 * parts of a sequence, the points of a piecewise schedule, the patience of a plateau.
 */
export function unreachable(plan: StagePlan, { steps, perEpoch, total }: LengthInSteps): string[] {
  const span: Span = { steps, perEpoch, run: total, evaluations: evaluationsIn(plan.evaluateEvery, steps, perEpoch) };
  const parts = ['temperature', 'weighting', 'losses', 'optimizer'] as const;
  const found = parts.flatMap((part) => within(plan[part], plan.paths[part], span));
  const lengths = found.map(
    ({ path, message }) =>
      `${formatPath(path)}: ${message} in stage "${plan.name}"\n  Train longer, or make it shorter; { "fraction": … } is a ` +
      `share of the stage.`,
  );
  return [...lengths, ...unreachableStop(plan.until, [...plan.path, 'until'], span.evaluations, `stage "${plan.name}"`)];
}

interface Length {
  readonly plan: StagePlan;
  readonly length: LengthInSteps;
}

/** Returns warnings about a patience of a training's `earlyStopping` that exceeds the training. `path` is that of the training. */
export function unreachablePatience(earlyStopping: StopRule | undefined, path: Path, stages: readonly Length[]): string[] {
  const evaluations = stages.map(({ plan, length }) => evaluationsIn(plan.evaluateEvery, length.steps, length.perEpoch));
  const sum = evaluations.reduce((all, one) => all + one, 0);
  return unreachableStop(earlyStopping, [...path, 'earlyStopping'], sum, 'the training');
}

/** The first evaluation cannot be worse than an earlier one, and after the last there is nothing to end. */
function unreachableStop(rule: StopRule | undefined, path: Path, evaluations: number, where: string): string[] {
  if (rule?.patience === undefined || rule.patience < evaluations - 1) return [];
  const most = evaluations - 2;
  const remedy =
    most < 1 ? 'Train longer, or evaluate more often (evaluateEvery)' : `Set it to ${most} at most, or evaluate more often (evaluateEvery)`;
  return [
    `${formatPath([...path, 'patience'])}: is ${rule.patience}, and ${where} has ${countOf(evaluations)}: ` +
      `it is never reached before the end\n  ${remedy}.`,
  ];
}

const countOf = (evaluations: number): string => (evaluations === 1 ? '1 evaluation' : `${evaluations} evaluations`);

const evaluationsIn = (every: Every, steps: number, perEpoch: number): number =>
  'epochs' in every ? Math.ceil(steps / (every.epochs * perEpoch)) : Math.ceil(steps / every.steps);

interface Finding {
  readonly path: Path;
  readonly message: string;
}

function within(config: Json, path: Path, span: Span): Finding[] {
  if (Array.isArray(config)) return (config as readonly Json[]).flatMap((item, i) => within(item, [...path, i], span));
  if (!isOptions(config)) return [];
  return [
    ...ownLengths(config, path, span),
    ...Object.entries(config).flatMap(([key, value]) => inner(config, key, value, [...path, key], span)),
  ];
}

/** Returns findings about the parts of an operator, each with the updates that it gets. */
function inner(config: Options, key: string, value: Json, path: Path, span: Span): Finding[] {
  if (key !== 'of') return within(value, path, span);
  if (config['type'] === 'global') return within(value, path, { ...span, steps: span.run });
  if (config['type'] === 'repeat' && typeof config['times'] === 'number')
    return within(value, path, { ...span, steps: span.steps / config['times'] });
  if (config['type'] !== 'sequence' || !Array.isArray(value)) return within(value, path, span);
  const parts = value as readonly Json[];
  const lengths = Array.isArray(config['lengths']) ? (config['lengths'] as readonly Json[]).map((one) => updatesIn(one, span)) : undefined;
  const rest = span.steps - (lengths ?? []).reduce<number>((sum, one) => sum + (one ?? 0), 0);
  return parts.flatMap((part, i) => {
    const steps = lengths === undefined ? span.steps / parts.length : (lengths[i] ?? rest);
    return steps > 0 ? within(part, [...path, i], { ...span, steps }) : [];
  });
}

function ownLengths(config: Options, path: Path, span: Span): Finding[] {
  const found: Finding[] = [];
  const tooLong = (at: Path, needed: number): void =>
    void found.push({
      path: at,
      message: `reaches to update ${Math.ceil(needed)}, but the stage has ${Math.round(span.steps)}: the part after it is never reached`,
    });
  let sum = 0;
  for (const [key, value] of Object.entries(config)) {
    const one = periods.includes(key) ? undefined : updatesIn(value, span);
    if (one !== undefined && (sum += one) >= span.steps) tooLong([...path, key], sum);
    const period = periods.includes(key) ? updatesIn(value, span) : undefined;
    if (period !== undefined && period >= span.steps) {
      found.push({
        path: [...path, key],
        message: `is ${Math.ceil(period)} updates long, but the stage has ${Math.round(span.steps)}: the first period never ends`,
      });
    }
    if (!Array.isArray(value)) continue;
    const many = (value as readonly Json[]).map((item) => updatesIn(item, span));
    let before = 0;
    // Lengths follow one another; places are counted from the start.
    for (const [i, updates] of many.entries()) {
      if (updates === undefined) continue;
      const end = key === 'lengths' ? (before += updates) : updates;
      if (end < span.steps) continue;
      tooLong([...path, key, i], end);
      break;
    }
  }
  found.push(...pointsOf(config, path, span), ...patienceOf(config, path, span));
  return found;
}

/** Returns the last point of a schedule that counts its points in updates or epochs. */
function pointsOf({ points, unit }: Options, path: Path, { steps, perEpoch }: Span): Finding[] {
  if (!Array.isArray(points) || (unit !== 'steps' && unit !== 'epochs')) return [];
  const all = points as readonly Json[];
  const last = all.at(-1);
  const at = isOptions(last) && typeof last['at'] === 'number' ? last['at'] * (unit === 'epochs' ? perEpoch : 1) : 0;
  if (at <= steps) return [];
  return [
    {
      path: [...path, 'points', all.length - 1, 'at'],
      message: `is update ${Math.ceil(at)}, but the stage has ${Math.round(steps)}: this point is never reached`,
    },
  ];
}

function patienceOf({ type, patience }: Options, path: Path, { evaluations }: Span): Finding[] {
  if (typeof type !== 'string' || typeof patience !== 'number' || patience < evaluations - 1) return [];
  return [
    {
      path: [...path, 'patience'],
      message:
        `is ${patience}, but the stage has ${evaluations === 1 ? '1 evaluation' : `${evaluations} evaluations`}: the ` +
        `temperature never changes`,
    },
  ];
}

/** Returns the updates of `{ steps: n }` or `{ epochs: n }`; a fraction always fits. */
function updatesIn(value: Json | undefined, { perEpoch }: Span): number | undefined {
  if (!isOptions(value) || Object.keys(value).length !== 1) return undefined;
  const { steps, epochs } = value;
  if (typeof steps === 'number') return steps;
  return typeof epochs === 'number' ? epochs * perEpoch : undefined;
}

const isOptions = (value: Json | undefined): value is Options => typeof value === 'object' && value !== null && !Array.isArray(value);
