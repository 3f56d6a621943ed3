import { definePlugin } from '@temper/core';
import { constant } from './curves/constant.js';
import { cosine } from './curves/cosine.js';
import { linear } from './curves/linear.js';

export { constant, cosine, linear };

/** Every schedule of this package, for `createKit({ plugins: [schedules, …] })`. */
export const schedules = definePlugin({ name: 'schedules', provides: [constant, cosine, linear] });
