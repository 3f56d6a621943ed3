import { limits } from '@temper/core';
import { z } from 'zod';

/** Number of units or channels of a layer. */
export const widthOption = z.int().min(1).max(limits.width);
/** Widths of layers, one after the other. */
export const widthsOption = z.array(widthOption).max(limits.layers);
/** Number of layers or blocks. */
export const layersOption = z.int().min(1).max(limits.layers);
/** The activation between two layers. */
export const activationOption = z.enum(['relu', 'elu', 'gelu', 'selu', 'swish', 'tanh']);
/** Share of units left out in training. */
export const dropoutOption = z.number().min(0).lt(1);
