import { sayStop, type RunResult } from '@temper/core';
import { counted, duration, figure, type Colors } from '@temper/node/reporters';
import { quoted, shellCommand } from '@temper/tensorflow/shell';

/** Returns the result of a run as JSON, without the networks. */
export function summaryJson({ student: _student, teacher: _teacher, ...summary }: RunResult): Omit<RunResult, 'student' | 'teacher'> {
  return summary;
}

/** Formats the result of a run for the terminal: the figures, the kept weights, and the folder. */
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
    ...(result.location === undefined
      ? []
      : [
          `  saved in ${result.location}`,
          dim(`  a page with curves and calibration: ${shellCommand(`report ${quoted(result.location)}`)}`),
        ]),
  ].join('\n');
}

/** Returns lines of a table: names aligned to the left, figures to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const pad = (cell: string, column: number): string => (column === 0 ? cell.padEnd(width(0)) : cell.padStart(width(column)));
  return rows.map((row) => `  ${row.map(pad).join('   ')}`.trimEnd());
}

/** Returns the value by which the weights were kept; for the last epoch, its accuracy. */
function chosenValue({ chosen: { by, validation }, metricFacts }: RunResult): string {
  const metric = by === 'last epoch' ? 'accuracy' : by.slice('best validation '.length);
  const value = validation[metric];
  return value === undefined ? '' : `, ${figure(value, metricFacts[metric])}`;
}
