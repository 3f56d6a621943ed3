import { limits } from '@temper/core';
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
