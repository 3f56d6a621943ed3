import { TemperError } from '@temper/core';
import type { Outcome } from '@temper/experiments';

/** Returns the value of a metric in a run. @throws TemperError `config/unknown-name` where the run did not measure it. */
export function figuresOf(
  { summary }: Extract<Outcome, { status: 'done' }>,
  metric: string,
): { readonly validation: number; readonly test: number } {
  const { chosen, test } = summary as unknown as { chosen: { validation: Record<string, number> }; test: Record<string, number> };
  const [validation, onTest] = [chosen.validation[metric], test[metric]];
  if (validation !== undefined && onTest !== undefined) return { validation, test: onTest };
  throw new TemperError({
    code: 'config/unknown-name',
    path: 'metric',
    message: `the runs measure no metric "${metric}". Known: ${Object.keys(test).join(', ')}`,
  });
}
