import { limits } from '@temper/core';
import { z } from 'zod';
import { activationOption, dropoutOption, widthsOption } from './parts.js';

/** Options of `cnn`, with their bounds and defaults. */
export const cnnOptions = z.strictObject({
  channels: widthsOption.min(1).default([16, 32]),
  kernel: z.int().min(1).max(limits.kernel).default(3),
  dense: widthsOption.default([128]),
  activation: activationOption.default('relu'),
  dropout: dropoutOption.default(0),
});

/** What `cnn` is built by. */
export type CnnOptions = z.infer<typeof cnnOptions>;
