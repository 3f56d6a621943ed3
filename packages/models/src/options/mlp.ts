import { z } from 'zod';
import { activationOption, dropoutOption, widthsOption } from './parts.js';

/** Options of `mlp`, with their bounds and defaults. */
export const mlpOptions = z.strictObject({
  hidden: widthsOption.default([128]),
  activation: activationOption.default('relu'),
  dropout: dropoutOption.default(0),
});

/** What `mlp` is built by. */
export type MlpOptions = z.infer<typeof mlpOptions>;
