import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { softCrossEntropy as crossEntropyOf } from './support/cross-entropies.js';
import { softLoss, softOptions } from './support/soft-loss.js';

/**
 * Cross-entropy with soft targets: L = −scale · Σ_c softmax(z_t/T)_c log softmax(z_s/T)_c.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`. Its gradient is that of `kl` at the same scale, its value is
 * larger by the teacher's entropy, so it is not 0 for identical logits.
 *
 * Source: 1503.02531 states the loss in this form with T²; 2002.12620 (TextBrewer) leaves T² out. The default and the name follow
 * TextBrewer; set `scale` for the other.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example softCrossEntropy()({ student, teacher, temperature: 8 })
 */
export const softCrossEntropy = defineLoss({
  type: 'soft-cross-entropy',
  options: (ref) => z.strictObject(softOptions(ref, 'none')),
  create: (options) => softLoss(crossEntropyOf, options),
});
