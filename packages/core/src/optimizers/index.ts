import { definePlugin } from '../kit/define.js';
import { adam } from './adam.js';
import { adamw } from './adamw.js';
import { dot } from './dot.js';
import { sgd } from './sgd.js';

/** Every optimizer of Temper; every kit includes them. */
export const optimizers = definePlugin({ name: 'optimizers', provides: [sgd, adam, adamw, dot] });
