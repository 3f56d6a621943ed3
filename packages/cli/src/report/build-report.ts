import { createKit, TemperError } from '@temper/core';
import { decidingMetric, groupName, groupRuns, type Group, type Report, type ReportedRun } from '@temper/report';
import { quoted, shellCommand } from '@temper/tensorflow/shell';
import type { ReportFlags } from '../flags.js';
import { standardPlugins } from '../standard.js';
import type { FoundRuns } from './find-runs.js';
import { judgeNetworks } from './judge-networks.js';
import { notesOfRecords, readCurves, readRun, type ReadRun } from './read-run.js';
import { versions } from './versions.js';

/** Groups whose curves are drawn: more lines cannot be told from each other. */
const mostDrawn = 12;
/** Notes of a report. */
const mostNotes = 12;

/** What is reported while a report is made. */
export type Say = (text: string) => void;

/** Reads runs, judges their networks on test data, and puts everything together. */
export async function buildReport(found: FoundRuns, flags: ReportFlags & { readonly command: string }, say: Say): Promise<Report> {
  const read = await Promise.all(found.runs.map(readRun));
  const groups = groupRuns(read).map(
    (runs, i): GroupOf<ReadRun> => ({ name: groupName(runs), isDrawn: i < mostDrawn, isJudged: true, runs }),
  );
  const notes = read.flatMap((run) => run.notes);
  const complete: Group[] = [];
  for (const group of groups) complete.push(group.isDrawn ? await withCurves(group, { flags, notes, say }) : group);
  return {
    title: titleOf(complete),
    kind: read.length === 1 ? 'run' : 'runs',
    groups: complete,
    metric: decidingMetric(read.flatMap(({ summary }) => summary ?? [])),
    metricFacts: Object.assign({}, ...[...read].reverse().map(({ metricFacts }) => metricFacts)) as Report['metricFacts'],
    command: flags.command,
    versions: versions(),
    notes: bounded(notes),
  };
}

/** A group of runs that may still lack curves and networks. */
type GroupOf<R extends ReportedRun> = Group & { readonly runs: readonly R[] };

interface Context {
  readonly flags: ReportFlags;
  readonly notes: string[];
  readonly say: Say;
}

/** A group with the curves of its runs, and the networks of its first finished run. */
async function withCurves(group: GroupOf<ReadRun>, { flags, notes, say }: Context): Promise<Group> {
  const runs: ReportedRun[] = [];
  let isJudged = !group.isJudged || !flags.evaluate;
  for (const run of group.runs) {
    const curves = await readCurves(run);
    notes.push(...notesOfRecords(run, curves));
    const networks = isJudged || run.summary === undefined ? undefined : await judged(run, { flags, notes, say });
    isJudged ||= networks !== undefined;
    const command = commandOf(run);
    runs.push({ ...run, ...(curves === undefined ? {} : { curves }), ...networks, ...(command === undefined ? {} : { command }) });
  }
  return { ...group, runs };
}

async function judged({ name, location }: ReportedRun, { flags, notes, say }: Context): Promise<Partial<ReportedRun> | undefined> {
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
function commandOf({ name, location, config }: ReportedRun): string | undefined {
  if ((config as { readonly data?: unknown } | undefined)?.data === undefined) return undefined;
  try {
    createKit({ plugins: standardPlugins }).parse(config as never);
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
