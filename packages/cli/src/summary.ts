import { sayStop, type RunResult } from '@temper/core';
import { counted, duration, figure, type Colors } from '@temper/node/reporters';
import { shellCommand } from '@temper/tensorflow/shell';

/** The result of a run as JSON: all of it but the networks. */
export function summaryJson({ student: _student, teacher: _teacher, ...summary }: RunResult): Omit<RunResult, 'student' | 'teacher'> {
  return summary;
}

/** The result of a run for people: what was reached, by which weights, and where it is kept. */
export function summaryText(result: RunResult, { bold, dim }: Colors): string {
  const { chosen, test, teacherTest, metricFacts } = result;
  const networks = [test, ...(teacherTest === undefined ? [] : [teacherTest])];
  const [head, ...rows] = table([
    ['test data', 'student', 'teacher'].slice(0, 1 + networks.length),
    ...Object.keys(test).map((name) => [name, ...networks.map((metrics) => figure(metrics[name], metricFacts[name]))]),
  ]);
  return [
    `${bold(result.name)} is done: ${counted(result.steps, 'update')} in ${duration(result.seconds)}`,
    '',
    dim(head ?? ''),
    ...rows,
    dim(`  (for their meaning: ${shellCommand('list --metrics')})`),
    '',
    `  weights of epoch ${chosen.epoch} (${chosen.by}${chosenValue(result)})`,
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

/** The value by which the weights were chosen; of the last epoch, its accuracy. */
function chosenValue({ chosen: { by, validation }, metricFacts }: RunResult): string {
  const metric = by === 'last epoch' ? 'accuracy' : by.slice('best validation '.length);
  const value = validation[metric];
  return value === undefined ? '' : `, ${figure(value, metricFacts[metric])}`;
}
