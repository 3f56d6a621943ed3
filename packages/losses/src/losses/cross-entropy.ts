import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { hardCrossEntropy, hardTargets } from './support/cross-entropies.js';

/**
 * The hard loss, cross-entropy of the student with the label at temperature 1:
 * L = −Σ_c t_c log softmax(z_s)_c with t = (1 − ε)·onehot(label) + ε/classes, ε = `labelSmoothing`.
 *
 * Takes logits `[..., classes]` and integer labels `[...]`; gives `[...]`. The temperature is not used. A label
 * outside of the classes, such as −100 in padding, has the value 0 and no gradient.
 *
 * Source: closed form; label smoothing 1512.00567. There, here and in PyTorch the smoothed mass is spread over all classes, including the
 * label; some implementations spread it over the other classes only.
 * @throws TemperError without labels, or with shapes that do not fit.
 * @example crossEntropy({ labelSmoothing: 0.1 })({ student, labels })
 */
export const crossEntropy = defineLoss({
  type: 'cross-entropy',
  options: z.strictObject({ labelSmoothing: z.number().min(0).max(1).default(0) }),
  create: ({ labelSmoothing }) =>
    createLoss(['labels'], ({ student, labels }) => hardCrossEntropy(hardTargets(labels, student, labelSmoothing), student)),
});
