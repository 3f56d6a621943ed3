import { z } from 'zod';
import type { Refs } from '../kit/slots.js';

/** Options that several optimizers share. */
export const learningRate = (ref: Refs) => ref.schedule.describe('step size: a number or a schedule, at least 0');
export const momentum = z.number().min(0).lt(1).describe('share of the last step that the next one keeps');
export const weightDecay = z.number().min(0);
/** Below this, float32 would round it to zero and 0 / 0 could follow. */
export const epsilon = z.number().min(1e-30).default(1e-8).describe('added to the denominator');
export const beta1 = z.number().min(0).lt(1).default(0.9).describe('decay of the mean gradient');
export const beta2 = z.number().min(0).lt(1).default(0.999).describe('decay of the mean squared gradient');
