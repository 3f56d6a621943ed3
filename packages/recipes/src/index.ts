import { definePlugin } from '@temper/core';
import { annealingKd } from './annealing-kd.js';
import { bornAgain } from './born-again.js';
import { classic } from './classic.js';
import { dkdWarmUp } from './dkd-warm-up.js';
import { multiTeacher } from './multi-teacher.js';
import { routeConstrained } from './route-constrained.js';
import { seed } from './seed.js';
import { teacherAssistant } from './teacher-assistant.js';

export { annealingKd, bornAgain, classic, dkdWarmUp, multiTeacher, routeConstrained, seed, teacherAssistant };

/** Every recipe of this package, for `createKit({ plugins: [recipes, …] })`. */
export const recipes = definePlugin({
  name: 'recipes',
  provides: [annealingKd, bornAgain, classic, dkdWarmUp, multiTeacher, routeConstrained, seed, teacherAssistant],
});
