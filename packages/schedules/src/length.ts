import { TemperError, type Progress } from '@temper/core';
import { z } from 'zod';

const units = ['steps', 'epochs', 'fraction'] as const;

const lengthOf = (smallest: 'zero' | 'one') => {
  const count = z.int().min(smallest === 'zero' ? 0 : 1);
  const amount = z.number().min(smallest === 'zero' ? 0 : 1e-9);
  return z
    .strictObject({
      steps: count.optional().describe('a number of updates'),
      epochs: amount.max(1e9).optional().describe('a number of epochs, possibly fractional'),
      fraction: amount.max(1).optional().describe('a share of the stage, at most 1'),
    })
    .refine(
      (given) => units.filter((unit) => given[unit] !== undefined).length === 1,
      'must have exactly one of steps, epochs and fraction',
    );
};

/** A stretch of training: `{ steps: 500 }`, `{ epochs: 2 }` or `{ fraction: 0.3 }`. */
export const length = lengthOf('zero');
/** A stretch of training, longer than 0. */
export const period = lengthOf('one');

export type Length = z.output<typeof length>;

/** Number of updates in a length; fractions and epochs may give a fractional number, which the caller rounds. */
export function updatesIn({ steps, epochs, fraction }: Length): (at: Progress) => number {
  if (steps !== undefined) return () => steps;
  if (fraction !== undefined) return ({ total }) => fraction * total;
  return ({ stepsPerEpoch }) => {
    if (stepsPerEpoch !== undefined) return (epochs as number) * stepsPerEpoch;
    throw new TemperError({
      code: 'config/invalid',
      message: `counts ${epochs} epochs, and the number of updates in an epoch is not known`,
      hint: 'Pass stepsPerEpoch together with step and total, as the training loop does, or give a length in steps or as a fraction.',
    });
  };
}
