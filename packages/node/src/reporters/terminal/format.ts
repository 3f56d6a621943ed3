import { percent, type EvaluationEvent, type MetricFactsByName, type RunStartEvent, type StepsEvent } from '@temper/core';

export { duration, percent } from '@temper/core';

/** Formats a number with three significant digits. */
export function short(value: number): string {
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

/** Formats the value of a metric: shares in percent, all others as a plain number. */
export function figure(value: number | undefined, facts?: MetricFactsByName[string]): string {
  if (value === undefined) return '–';
  return facts?.unit === 'share' ? percent(value) : short(value);
}

/** `1 epoch`, `2 epochs`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Returns the first line of a run. */
export function startOf({ name, totalSteps, resumedAt, resumedIn = 'student' }: RunStartEvent): string {
  const done = resumedIn === 'student' ? resumedAt : `update ${resumedAt} of "${resumedIn}"`;
  return `run "${name}": ${counted(totalSteps, 'update')}${resumedAt === undefined ? '' : `, continues after ${done}`}`;
}

/** Formats loss and temperature of a number of updates; a temperature for each sample has no single number. */
export function stepFacts({ loss, scalars }: StepsEvent): string[] {
  const temperature = scalars['temperature.value'];
  return [`loss ${short(loss)}`, ...(temperature === undefined ? [] : [`T ${short(temperature)}`])];
}

/** The width that every terminal and log file has. */
export const usualColumns = 80;

/** Formats the metric by which weights are kept, else the accuracy or the first metric; and whether it is the best so far. */
export function evaluationFacts({ split, metrics, best, by }: EvaluationEvent, facts: MetricFactsByName): string[] {
  const name = [by, 'accuracy', ...Object.keys(metrics)].find((name) => name !== undefined && name in metrics);
  return name === undefined ? [] : [`${split} ${name} ${figure(metrics[name], facts[name])}${best ? ' (best)' : ''}`];
}

/** Joins as many of the parts, from the first on, as fit into a number of columns; the first is always included. */
export function fitting(parts: readonly string[], separator: string, columns: number): string {
  let text = parts[0] ?? '';
  for (const part of parts.slice(1)) {
    if (text.length + separator.length + part.length > columns) break;
    text += separator + part;
  }
  return text;
}
