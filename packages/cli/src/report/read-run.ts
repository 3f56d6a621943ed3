import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Json, MetricFactsByName } from '@temper/core';
import { readRunConfig } from '@temper/node';
import { collectCurves, readMetricFacts, readSummary, type Curves, type ReportedRun } from '@temper/report';
import { quoted, shellCommand } from '@temper/tensorflow/shell';
import type { FoundRun } from './find-runs.js';

/** What a run's folder says without its records. */
export interface ReadRun extends ReportedRun {
  readonly metricFacts: MetricFactsByName;
  /** What is missing in the folder, and why. */
  readonly notes: readonly string[];
}

/** Reads config and summary of a run; what is missing or damaged is a note. */
export async function readRun({ name, folder }: FoundRun): Promise<ReadRun> {
  const notes: string[] = [];
  const config = await readRunConfig(dirname(resolve(folder)), basename(resolve(folder))).then(
    (read) => read.config as Json,
    (error: unknown) => void notes.push(`${name}: the config cannot be read: ${(error as Error).message}`),
  );
  const written = await readFile(join(folder, 'summary.json'), 'utf8').then(
    (text) => parsed(text) ?? {},
    () => undefined,
  );
  const summary = readSummary(written);
  if (written !== undefined && summary === undefined) notes.push(`${name}: summary.json is damaged, so there are no figures on test data.`);
  const seed = (config as { readonly seed?: unknown } | undefined)?.seed;
  return {
    name,
    location: folder,
    ...(typeof seed === 'number' ? { seed } : {}),
    ...(config === undefined ? {} : { config }),
    ...(summary === undefined ? {} : { summary }),
    metricFacts: readMetricFacts(written),
    notes: [...notes, ...(summary?.warnings ?? []).map((warning) => `${name}: ${warning}`)],
  };
}

/** Reads the records of a run's student; a line that is no record is counted, a missing file gives no curves. */
export async function readCurves({ config, location }: ReportedRun): Promise<Curves | undefined> {
  const stages = (config as { readonly stages?: unknown } | undefined)?.stages;
  const names = Array.isArray(stages)
    ? stages.map((stage) => (stage as { readonly name?: unknown } | null)?.name).filter(isText)
    : undefined;
  const curves = collectCurves(names === undefined || names.length === 0 ? undefined : names);
  try {
    const lines = createInterface({ input: createReadStream(join(location, 'metrics.jsonl')), crlfDelay: Infinity });
    for await (const line of lines) curves.add(line);
  } catch {
    return undefined;
  }
  return curves.result();
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** What is said of the records of a run. */
export function notesOfRecords({ name, location, summary }: ReportedRun, curves: Curves | undefined): readonly string[] {
  const done = curves?.totalSteps === undefined ? '' : ` (${curves.step} of ${curves.totalSteps} updates)`;
  const next = shellCommand(`run --resume ${quoted(basename(location))} --runs ${quoted(dirname(location))}`);
  return [
    ...(summary === undefined ? [`${name} is not finished${done}, so there are no figures on test data. It continues with: ${next}`] : []),
    ...(curves === undefined ? [`${name}: metrics.jsonl cannot be read, so there are no curves.`] : []),
    ...(curves !== undefined && curves.damaged > 0
      ? [`${name}: ${curves.damaged} lines of metrics.jsonl are no records of a run and are left out.`]
      : []),
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
