import { limits } from '@temper/core';
import { z } from 'zod';

/** Number of epochs, updates or networks. */
export const count = z.int().min(1).max(limits.epochs);

/** A temperature that is a number. */
export const temperature = z.number().gt(0);

/** Share of the soft loss; the hard one has the rest. */
export const softShare = z.number().min(0).max(1);

/** A part of the run's config, checked where it ends up. */
export const part = z.record(z.string(), z.unknown());

/** Weights that share 1 between the two usual losses. */
export const shared = (soft: number): { readonly soft: number; readonly hard: number } => ({ soft, hard: 1 - soft });
