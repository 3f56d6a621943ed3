import { limits, type Recipe } from '@temper/core';
import { z } from 'zod';

/** Number of epochs, updates or networks. */
export const count = z.int().min(1).max(limits.epochs);

/** A temperature that is a number. */
export const temperature = z.number().gt(0);

/** Weight of the soft loss; the hard loss has 1 minus it. */
export const softShare = z.number().min(0).max(1);

/** A part of the run's config; the run checks it. */
export const part = z.record(z.string(), z.unknown());

/** Weights of the soft and the hard loss, which add up to 1. */
export const shared = (soft: number): { readonly soft: number; readonly hard: number } => ({ soft, hard: 1 - soft });

/** The layers that a loss compares: pairs of names, or a rule such as `{ last: 1 }`; the loss checks them. */
export const layerMap = z.union([z.array(z.array(z.string())), z.record(z.string(), z.number()), z.string()]);

/** Weight of a loss next to the hard loss, whose weight is 1. */
export const weight = z.number().min(0);

/** The hard loss with weight 1, and another loss. */
export const nextToHard = (name: string, loss: object, share: number): Recipe => ({
  losses: { hard: { type: 'cross-entropy' }, [name]: loss },
  weighting: { hard: 1, [name]: share },
});
