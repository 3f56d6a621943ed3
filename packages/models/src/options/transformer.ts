import { limits } from '@temper/core';
import { z } from 'zod';
import { dropoutOption, layersOption, widthOption } from './parts.js';

/** Options of `transformer`, with their bounds and defaults. */
export const transformerOptions = z
  .strictObject({
    vocabulary: z.int().min(1).max(limits.vocabulary).optional(),
    layers: layersOption.default(2),
    width: widthOption.default(128),
    heads: z.int().min(1).max(limits.heads).default(4),
    feedForward: widthOption.optional(),
    dropout: dropoutOption.default(0),
  })
  .refine(({ width, heads }) => width % heads === 0, { path: ['heads'], message: 'must divide width' });

/** What `transformer` is built by. */
export type TransformerOptions = z.infer<typeof transformerOptions>;
