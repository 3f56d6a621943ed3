import { definePlugin } from '@temper/core';
import { annealingKd } from './annealing-kd.js';
import { attentionTransfer } from './attention-transfer.js';
import { bornAgain } from './born-again.js';
import { classic } from './classic.js';
import { crd } from './crd.js';
import { dkdWarmUp } from './dkd-warm-up.js';
import { fitnets } from './fitnets.js';
import { multiLevelLogits } from './multi-level-logits.js';
import { multiTeacher } from './multi-teacher.js';
import { pkt } from './pkt.js';
import { rkd } from './rkd.js';
import { routeConstrained } from './route-constrained.js';
import { seed } from './seed.js';
import { similarityPreserving } from './similarity-preserving.js';
import { teacherAssistant } from './teacher-assistant.js';

export {
  annealingKd,
  attentionTransfer,
  bornAgain,
  classic,
  crd,
  dkdWarmUp,
  fitnets,
  multiLevelLogits,
  multiTeacher,
  pkt,
  rkd,
  routeConstrained,
  seed,
  similarityPreserving,
  teacherAssistant,
};

/** Every recipe of this package, for `createKit({ plugins: [recipes, …] })`. */
export const recipes = definePlugin({
  name: 'recipes',
  provides: [
    annealingKd,
    attentionTransfer,
    bornAgain,
    classic,
    crd,
    dkdWarmUp,
    fitnets,
    multiLevelLogits,
    multiTeacher,
    pkt,
    rkd,
    routeConstrained,
    seed,
    similarityPreserving,
    teacherAssistant,
  ],
});
