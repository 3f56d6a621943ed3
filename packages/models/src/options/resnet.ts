import { z } from 'zod';
import { layersOption, widthsOption } from './parts.js';

/** Options of `resnet`, with their bounds and defaults. */
export const resnetOptions = z.strictObject({
  widths: widthsOption.min(1).default([16, 32, 64]),
  blocks: layersOption.default(1),
});

/** What `resnet` is built by. */
export type ResnetOptions = z.infer<typeof resnetOptions>;
