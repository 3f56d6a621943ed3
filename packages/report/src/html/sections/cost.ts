import { drawnGroups } from '../../report/figures.js';
import type { ReportedNetwork, ReportedRun } from '../../report/report.js';
import { nameOf } from '../../text/clean.js';
import { bytes, duration, short, whole } from '../../text/numbers.js';
import { note, section, type Section } from '../section.js';
import { table } from '../table.js';

/** Shows the cost of networks and trainings. */
export const cost: Section = (report) => {
  const runs = drawnGroups(report).flatMap((group) => {
    const run = group.runs.find(({ summary, student }) => summary !== undefined || student !== undefined);
    return run === undefined ? [] : [{ name: group.name, run }];
  });
  if (runs.length === 0) return undefined;
  const isAlone = report.kind === 'run';
  const rows = runs.flatMap(({ name, run }) => {
    const student = rowOf(isAlone ? 'student' : nameOf(name), run, run.student, run.summary?.parameters['student']);
    const teacher = rowOf('teacher', run, run.teacher, run.summary?.parameters['teacher']).with(4, '').with(5, '');
    return isAlone && (run.teacher !== undefined || run.summary?.parameters['teacher'] !== undefined) ? [student, teacher] : [student];
  });
  return section(
    'cost',
    'Cost',
    table({ caption: 'Cost', head: ['network', 'parameters', 'files', 'ms a sample', 'updates', 'training'], rows }),
    note(
      'Milliseconds a sample: the shortest of three passes over test data, in batches, on the machine that wrote this report. ' +
        'The time of a training includes its evaluations.',
    ),
  );
};

const rowOf = (name: string, { summary }: ReportedRun, network: ReportedNetwork | undefined, parameters: number | undefined): string[] => [
  name,
  parameters === undefined ? '–' : whole(parameters),
  network?.bytes === undefined ? '–' : bytes(network.bytes),
  network?.msPerSample === undefined ? '–' : short(network.msPerSample),
  summary?.steps === undefined ? '–' : whole(summary.steps),
  summary?.seconds === undefined ? '–' : duration(summary.seconds),
];
