import { z } from 'zod';

const count = z.int().min(0);
// JSON has no infinite number and writes null for it.
const number = z.number().nullable();
const numbers = z.record(z.string(), number);
const place = { stage: z.string(), epoch: count, step: count };

/** The schemas of a run's records by their type, for the parts that are read. */
const known: Readonly<Record<string, z.ZodType>> = {
  steps: z.looseObject({ ...place, totalSteps: count, stepsPerSecond: number, loss: number, losses: numbers, scalars: numbers }),
  evaluation: z.looseObject({ ...place, split: z.enum(['validation', 'test']), metrics: numbers, best: z.boolean() }),
  stop: z.looseObject({ ...place, network: z.string(), rule: z.string(), reason: z.string(), metric: z.string(), value: number }),
  warning: z.looseObject({ message: z.string() }),
};
const anyRecord = z.record(z.string(), z.json());

/** Returns the problem of a line of `metrics.jsonl`; undefined for a record of a run, and for a record of another type. */
export function recordProblem(line: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'is not JSON';
  }
  const record = anyRecord.safeParse(value);
  if (!record.success) return 'is not a JSON object';
  const { type } = record.data;
  const format = typeof type === 'string' && Object.hasOwn(known, type) ? known[type] : undefined;
  const [issue] = format?.safeParse(value).error?.issues ?? [];
  return issue === undefined ? undefined : `is no record of type "${String(type)}": ${issue.path.join('.')}: ${issue.message}`;
}
