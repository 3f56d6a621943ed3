import { sayStop, type RunResult } from '@temper/core';
import { counted, duration, percent, short, type Colors } from '@temper/node/reporters';
import { shellCommand } from '@temper/tensorflow/system';

/** The result of a run as JSON: all of it but the networks. */
export function summaryJson({ student: _student, teacher: _teacher, ...summary }: RunResult): Omit<RunResult, 'student' | 'teacher'> {
  return summary;
}

/** The result of a run for people: what was reached, by which weights, and where it is kept. */
export function summaryText(result: RunResult, { bold, dim }: Colors): string {
  const { chosen, test, teacherTest } = result;
  const networks = [test, ...(teacherTest === undefined ? [] : [teacherTest])];
  const [head, ...rows] = table([
    ['test data', 'student', 'teacher'].slice(0, 1 + networks.length),
    ...Object.keys(test).map((name) => [name, ...networks.map((metrics) => figure(name, metrics[name]))]),
  ]);
  return [
    `${bold(result.name)} is done: ${counted(result.steps, 'update')} in ${duration(result.seconds)}`,
    '',
    dim(head ?? ''),
    ...rows,
    dim(`  (what they mean: ${shellCommand('list --metrics')})`),
    '',
    `  weights of epoch ${chosen.epoch} (${chosen.by}${accuracyOf(chosen.validation)})`,
    ...result.stops.flatMap((stop) => sayStop(stop).map((line) => `  ${line}`)),
    ...(result.location === undefined ? [] : [`  saved in ${result.location}`]),
  ].join('\n');
}

/** Lines of a table: names to the left, figures to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const pad = (cell: string, column: number): string => (column === 0 ? cell.padEnd(width(0)) : cell.padStart(width(column)));
  return rows.map((row) => `  ${row.map(pad).join('   ')}`.trimEnd());
}

function accuracyOf(metrics: Readonly<Record<string, number>>): string {
  const accuracy = metrics['accuracy'];
  return accuracy === undefined ? '' : `, ${percent(accuracy)}`;
}

/** Shares of the samples as a percentage, all else as a plain number. */
function figure(name: string, value: number | undefined): string {
  if (value === undefined) return '–';
  return /^(accuracy|agreement|top\d+)$/.test(name) ? percent(value) : short(value);
}
