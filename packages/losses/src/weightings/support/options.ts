import { z } from 'zod';

/** Weights by the name of their loss. */
export const weightsByName = z
  .record(z.string(), z.number().min(0))
  .refine((weights) => Object.keys(weights).length > 0, 'must have a weight for at least one loss')
  .describe('weight of each loss by name');
