import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { cosineDistance } from './support/cosine-distance.js';
import { createLoss } from './support/create-loss.js';
import { constant } from './support/soft-loss.js';

/**
 * Cosine distance between logits: L = 1 − z_s·z_t / (‖z_s‖·‖z_t‖ + 1e-8).
 *
 * Takes logits `[..., classes]` of both; gives `[...]`, from 0 to 2. The temperature is not used, since dividing by it does not change the
 * angle. Adding a constant to all logits of a sample does, so centre them (`logit-standardization` of this) where only their differences
 * matter.
 *
 * Source: closed form; between hidden states it is a part of DistilBERT's loss, 1910.01108.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example cosine()({ student, teacher })
 */
export const cosine = defineLoss({
  type: 'cosine',
  options: z.strictObject({}),
  create: () => createLoss(['teacher'], ({ student, teacher }) => cosineDistance(student, constant(teacher), student.rank - 1)),
});
