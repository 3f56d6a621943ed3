import { judgedGroups } from './figures.js';
import type { Report, ReportedNetwork } from './report.js';

/** A network that was evaluated on test data when the report was made. */
export interface JudgedNetwork {
  readonly name: string;
  readonly color: number;
  readonly network: ReportedNetwork;
}

/** Returns the evaluated networks of a report: of each group the student of its first such run, and the teacher of a single run. */
export function judgedNetworks(report: Report): readonly JudgedNetwork[] {
  const students = judgedGroups(report).flatMap(({ name, runs, color }): JudgedNetwork[] => {
    const run = runs.find(({ student }) => student?.evaluation !== undefined);
    if (run?.student === undefined) return [];
    const seed = runs.length > 1 && run.seed !== undefined ? `, seed ${run.seed}` : '';
    return [{ name: report.kind === 'run' ? 'student' : `${name}${seed}`, color, network: run.student }];
  });
  const teacher = report.kind === 'run' ? report.groups[0]?.runs[0]?.teacher : undefined;
  return teacher?.evaluation === undefined ? students : [...students, { name: 'teacher', color: students.length, network: teacher }];
}
