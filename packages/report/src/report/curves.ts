import { numbersOf } from './fields.js';
import { thin, type Point } from './thin.js';

/** The student's part of a run's records, by update. */
export interface Curves {
  /** Name of the quantity (`temperature`, `weighting.soft`, `loss.soft`, `validation.accuracy`, `learningRate`) and its points. */
  readonly series: Readonly<Record<string, readonly Point[]>>;
  /** Stages with the number of updates before each. */
  readonly stages: readonly { readonly name: string; readonly step: number }[];
  /** The last update that was recorded, and the number of planned ones. */
  readonly step: number;
  readonly totalSteps?: number;
  /** Lines that are not records of a run. */
  readonly damaged: number;
}

/** Collects the records of a run, line by line. */
export interface CurveCollector {
  add(line: string): void;
  result(): Curves;
}

/** The maximum number of points of a curve. */
const mostPoints = 160;
/** The maximum number of quantities of a run. */
const mostSeries = 60;

/**
 * Reads the lines of `metrics.jsonl`. Networks that were trained before the student (teacher, assistants) are left out: the count of
 * their updates starts again at 1.
 * @param stages Names of the student's stages, where they are known.
 */
export function collectCurves(stages?: readonly string[]): CurveCollector {
  let found = empty();
  let damaged = 0;
  const isStudent = (stage: string): boolean => stages === undefined || stages.includes(stage);
  return {
    add(line) {
      if (line.trim() === '') return;
      const record = recordOf(line);
      if (record === undefined) damaged++;
      else if (isStudent(record.stage) && record.split !== 'test') {
        if (record.step < found.step) found = empty();
        take(found, record);
      }
    },
    result: () => ({
      series: Object.fromEntries([...found.series].map(([name, points]) => [name, thin(points, mostPoints)])),
      stages: found.stages,
      step: found.step,
      ...(found.totalSteps === undefined ? {} : { totalSteps: found.totalSteps }),
      damaged,
    }),
  };
}

interface Found {
  readonly series: Map<string, Point[]>;
  readonly stages: { readonly name: string; readonly step: number }[];
  step: number;
  totalSteps: number | undefined;
}

const empty = (): Found => ({ series: new Map(), stages: [], step: 0, totalSteps: undefined });

interface TrainingRecord {
  readonly stage: string;
  readonly step: number;
  readonly split?: unknown;
  readonly totalSteps?: unknown;
  readonly [name: string]: unknown;
}

function recordOf(line: string): TrainingRecord | undefined {
  try {
    const record = JSON.parse(line) as Partial<TrainingRecord> | null;
    const isRecord = typeof record?.stage === 'string' && Number.isSafeInteger(record.step) && (record.step as number) >= 0;
    return isRecord ? (record as TrainingRecord) : undefined;
  } catch {
    return undefined;
  }
}

function take(found: Found, record: TrainingRecord): void {
  const { stage, step, totalSteps, loss, losses, scalars, metrics } = record;
  if (found.stages.at(-1)?.name !== stage) found.stages.push({ name: stage, step: found.step });
  found.step = step;
  if (typeof totalSteps === 'number' && Number.isFinite(totalSteps)) found.totalSteps = totalSteps;
  for (const [name, value] of Object.entries(numbersOf(scalars)))
    add(found, name.replace(/^temperature\.value$/, 'temperature'), step, value);
  for (const [name, value] of Object.entries(numbersOf({ loss }))) add(found, name, step, value);
  for (const [name, value] of Object.entries(numbersOf(losses))) add(found, `loss.${name}`, step, value);
  if (record.split === 'validation')
    for (const [name, value] of Object.entries(numbersOf(metrics))) add(found, `validation.${name}`, step, value);
}

function add({ series }: Found, name: string, step: number, value: number): void {
  const points = series.get(name);
  if (points !== undefined) points.push([step, value]);
  else if (series.size < mostSeries) series.set(name, [[step, value]]);
}
