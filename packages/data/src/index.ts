import { definePlugin } from '@temper/core';
import { digits } from './digits.js';

export { digits };

/** Data sets. */
export const data = definePlugin({ name: 'data', provides: [digits] });
