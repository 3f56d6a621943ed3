import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { divergence } from './support/divergence.js';
import { softLoss, softOptions } from './support/soft-loss.js';
import { exchanged } from './support/softened.js';

/**
 * The soft loss of knowledge distillation: L = scale · KL(softmax(z_t/T) ‖ softmax(z_s/T)), or with
 * `direction: 'reverse'` the divergence of the teacher from the student, KL(student ‖ teacher), which fits one mode instead of covering
 * all.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`, exactly 0 for identical logits. Gradient of the forward
 * direction: scale/T · (softmax(z_s/T) − softmax(z_t/T)). Temperatures may be learned, and differ between the sides:
 * then T² is T_student·T_teacher.
 *
 * Source: 1503.02531; reverse 2306.08543. The paper multiplies by T², most codes do, torchdistill does only where
 * its alpha is neither 0 nor None. Here the factor is always explicit, see `scale`. All divide by the number of samples,
 * not by samples times classes ("batchmean").
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example kl({ scale: 'temperature-squared' })({ student, teacher, temperature: 4 })
 */
export const kl = defineLoss({
  type: 'kl',
  options: (ref) =>
    z.strictObject({ direction: z.enum(['forward', 'reverse']).default('forward'), ...softOptions(ref, 'temperature-squared') }),
  create: ({ direction, ...options }) => softLoss((soft) => divergence(direction === 'forward' ? soft : exchanged(soft)), options),
});
