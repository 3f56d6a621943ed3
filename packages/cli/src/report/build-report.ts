import { basename } from 'node:path';
import { createKit, TemperError, type Kit, type MetricFactsByName } from '@temper/core';
import { decidingMetric, type Group, type Report, type ReportedRun } from '@temper/report';
import { quoted, shellCommand } from '@temper/tensorflow/shell';
import type { ReportFlags } from '../flags.js';
import { standardPlugins } from '../standard.js';
import { comparisonOf, readResult } from './comparison-result.js';
import type { FoundRuns } from './find-runs.js';
import { groupsOfFolders, groupsOfResult, groupsOfRuns, type ReadGroup } from './groups.js';
import { judgeNetworks } from './judge-networks.js';
import { notesOfRecords, readCurves, readRun, type ReadRun } from './read-run.js';
import { versions } from './versions.js';

/** Notes of a report. */
const mostNotes = 12;

/** What a report is made with. */
interface Context {
  readonly flags: ReportFlags;
  readonly notes: string[];
  readonly say: (text: string) => void;
  /** Checks whether a config needs nothing but what every user has. */
  readonly kit: Pick<Kit, 'parse'>;
}

/** Reads runs, judges their networks on test data, and puts everything together. */
export async function buildReport(
  { runs, comparison }: FoundRuns,
  { command, ...flags }: ReportFlags & { readonly command: string },
  say: Context['say'],
): Promise<Report> {
  const read: ReadRun[] = [];
  // One after the other: a shell may allow few open files.
  for (const run of runs) read.push(await readRun(run));
  const notes = read.flatMap((run) => run.notes);
  const result = comparison === undefined ? undefined : await readResult(comparison);
  if (typeof result === 'string') notes.unshift(result);
  const finished = typeof result === 'object' ? result : undefined;
  const metricFacts = Object.assign({}, ...read.map((run) => run.metricFacts).reverse()) as MetricFactsByName;
  const groups: Group[] = [];
  const kit = createKit({ plugins: standardPlugins }) as unknown as Context['kit'];
  const betterOf = (metric: string): 'max' | 'min' => metricFacts[metric]?.better ?? 'max';
  for (const group of finished
    ? groupsOfResult(read, finished, betterOf(finished.metric))
    : comparison === undefined
      ? groupsOfRuns(read)
      : groupsOfFolders(read))
    groups.push(group.isDrawn ? await withCurves(group, { flags, notes, say, kit }) : group);
  return {
    title: comparison === undefined ? titleOf(groups) : basename(comparison),
    kind: comparison !== undefined ? 'comparison' : read.length === 1 ? 'run' : 'runs',
    groups,
    metric: finished?.metric ?? decidingMetric(read.flatMap(({ summary }) => summary ?? [])),
    metricFacts,
    ...(finished === undefined ? {} : { comparison: comparisonOf(finished, metricFacts) }),
    command,
    versions: versions(),
    notes: bounded(notes),
  };
}

/** A group with the curves of its runs, and the networks of its first finished run. */
async function withCurves(group: ReadGroup, { flags, notes, say, kit }: Context): Promise<Group> {
  const runs: ReportedRun[] = [];
  let isDone = !group.isJudged || !flags.evaluate;
  for (const run of group.runs) {
    const curves = await readCurves(run);
    notes.push(...notesOfRecords(run, curves));
    const networks = isDone || run.summary === undefined ? undefined : await judged(run, { flags, notes, say });
    isDone ||= networks !== undefined;
    const command = commandOf(run, kit);
    runs.push({ ...run, ...(curves === undefined ? {} : { curves }), ...networks, ...(command === undefined ? {} : { command }) });
  }
  return { ...group, runs };
}

async function judged(
  { name, location }: ReportedRun,
  { flags, notes, say }: Omit<Context, 'kit'>,
): Promise<Partial<ReportedRun> | undefined> {
  say(`evaluating ${name} on its test data`);
  try {
    return await judgeNetworks(location, flags);
  } catch (error) {
    if (!(error instanceof TemperError)) throw error;
    notes.push(`${name}: no calibration, confusion and times: ${error.message}`);
    return {};
  }
}

/** The command that trains a run again; none where its config needs plug-ins or data of its own. */
function commandOf({ name, location, config }: ReportedRun, kit: Context['kit']): string | undefined {
  if ((config as { readonly data?: unknown } | undefined)?.data === undefined) return undefined;
  try {
    kit.parse(config as never);
  } catch {
    return undefined;
  }
  return shellCommand(`run ${quoted(`${location}/config.json`)} --name ${quoted(`${name.replaceAll('/', '-')}-again`)}`);
}

function titleOf(groups: readonly Group[]): string {
  const names = groups.map(({ name }) => name);
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

function bounded(notes: readonly string[]): readonly string[] {
  const all = [...new Set(notes)];
  return all.length <= mostNotes ? all : [...all.slice(0, mostNotes), `${all.length - mostNotes} more notes of this kind are left out.`];
}
