import { definePlugin } from '../kit/define.js';
import { adam } from './adam.js';
import { adamw } from './adamw.js';
import { dot } from './dot.js';
import { sgd } from './sgd.js';

/** Every optimizer of Temper; each kit has them without asking. */
export const optimizers = definePlugin({ name: 'optimizers', provides: [sgd, adam, adamw, dot] });
