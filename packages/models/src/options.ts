import { z } from 'zod';

/** Number of units or channels of a layer. */
export const widthOption = z.int().min(1).max(65_536);
/** What bends the line between two layers. */
export const activationOption = z.enum(['relu', 'elu', 'gelu', 'selu', 'swish', 'tanh']);
/** Share of units left out in training. */
export const dropoutOption = z.number().min(0).lt(1);
