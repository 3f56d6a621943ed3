import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { constant } from './support/soft-loss.js';
import { meanSquaredError } from './support/squared-error.js';

/**
 * Mean squared error between logits: L = (1/classes) Σ_c (z_s − z_t)².
 *
 * Takes logits `[..., classes]` of both; gives `[...]`. The temperature is not used: this is what `kl` with T² becomes
 * (up to a constant) as T grows, when logits have mean 0.
 *
 * Source: 2105.08919, which compares it with KL. It writes the squared norm, a sum over classes; its code (and
 * PyTorch's `mse_loss`) takes the mean, as here, so that the loss does not grow with the number of classes.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example mse()({ student, teacher })
 */
export const mse = defineLoss({
  type: 'mse',
  options: z.strictObject({}),
  create: () => createLoss(['teacher'], ({ student, teacher }) => meanSquaredError(student, constant(teacher))),
});
