import { bytes, duration, short, whole } from '../text/numbers.js';
import { nameOf } from '../text/clean.js';
import { drawnGroups } from './figures.js';
import type { Report, ReportedNetwork, ReportedRun } from './report.js';

/** Columns of the cost of networks and trainings. */
export const costHead = ['network', 'parameters', 'files', 'ms a sample', 'updates', 'training'] as const;

/** What networks and trainings cost: a row for each group, of its first run that has ended; of a run by itself the teacher too. */
export function costRows(report: Report): readonly (readonly string[])[] {
  return drawnGroups(report).flatMap(({ name, runs }) => {
    const run = runs.find(({ student }) => student !== undefined) ?? runs.find(({ summary }) => summary !== undefined);
    if (run === undefined) return [];
    const { summary, student, teacher } = run;
    const own = [...networkCells(student, summary?.parameters['student']), ...trainingCells(run)];
    if (report.kind !== 'run') return [[nameOf(name), ...own]];
    const hasTeacher = teacher !== undefined || summary?.parameters['teacher'] !== undefined;
    const taught = ['teacher', ...networkCells(teacher, summary?.parameters['teacher']), '', ''];
    return [['student', ...own], ...(hasTeacher ? [taught] : [])];
  });
}

const networkCells = (network: ReportedNetwork | undefined, parameters: number | undefined): readonly string[] => [
  parameters === undefined ? '–' : whole(parameters),
  network?.bytes === undefined ? '–' : bytes(network.bytes),
  network?.msPerSample === undefined ? '–' : short(network.msPerSample),
];

const trainingCells = ({ summary }: ReportedRun): readonly string[] => [
  summary?.steps === undefined ? '–' : whole(summary.steps),
  summary?.seconds === undefined ? '–' : duration(summary.seconds),
];
