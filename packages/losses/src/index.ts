import { definePlugin } from '@temper/core';
import { adaptiveKl } from './losses/adaptive-kl.js';
import { annealingKd } from './losses/annealing-kd.js';
import { attentionTransfer } from './losses/attention-transfer.js';
import { channelWise } from './losses/channel-wise.js';
import { consistency } from './losses/consistency.js';
import { correlationCongruence } from './losses/correlation-congruence.js';
import { cosine } from './losses/cosine.js';
import { crd } from './losses/crd.js';
import { crossEntropy } from './losses/cross-entropy.js';
import { dist } from './losses/dist.js';
import { dkd } from './losses/dkd.js';
import { fitnets } from './losses/fitnets.js';
import { generalizedJsd } from './losses/generalized-jsd.js';
import { kl } from './losses/kl.js';
import { logitStandardization } from './losses/logit-standardization.js';
import { mae } from './losses/mae.js';
import { mse } from './losses/mse.js';
import { multiLevelLogits } from './losses/multi-level-logits.js';
import { pkt } from './losses/pkt.js';
import { rkd } from './losses/rkd.js';
import { similarityPreserving } from './losses/similarity-preserving.js';
import { skewKl } from './losses/skew-kl.js';
import { softCrossEntropy } from './losses/soft-cross-entropy.js';
import { taid } from './losses/taid.js';
import { todi } from './losses/todi.js';
import { topKKl } from './losses/top-k-kl.js';
import { ttm } from './losses/ttm.js';
import { wsl } from './losses/wsl.js';
import { wttm } from './losses/wttm.js';
import { alpha } from './weightings/alpha.js';
import { constantWeights } from './weightings/constant.js';
import { dwa } from './weightings/dwa.js';
import { gradientNorm } from './weightings/gradient-norm.js';
import { linearWeights } from './weightings/linear.js';
import { lossRatio } from './weightings/loss-ratio.js';
import { teacherConfidence } from './weightings/teacher-confidence.js';
import { teacherCorrectness } from './weightings/teacher-correctness.js';
import { tokenFocusing } from './weightings/token-focusing.js';
import { uncertainty } from './weightings/uncertainty.js';
import { uwSo } from './weightings/uw-so.js';

export {
  adaptiveKl,
  annealingKd,
  attentionTransfer,
  channelWise,
  consistency,
  correlationCongruence,
  cosine,
  crd,
  crossEntropy,
  dist,
  dkd,
  fitnets,
  generalizedJsd,
  kl,
  logitStandardization,
  mae,
  mse,
  multiLevelLogits,
  pkt,
  rkd,
  similarityPreserving,
  skewKl,
  softCrossEntropy,
  taid,
  todi,
  topKKl,
  ttm,
  wsl,
  wttm,
};
export type { Scale } from './losses/support/scale.js';
export { gradientSizes } from './gradient-size.js';
export {
  alpha,
  constantWeights,
  dwa,
  gradientNorm,
  linearWeights,
  lossRatio,
  teacherConfidence,
  teacherCorrectness,
  tokenFocusing,
  uncertainty,
  uwSo,
};

/** Every loss and weighting of this package, for `createKit({ plugins: [losses] })`. */
export const losses = definePlugin({
  name: 'losses',
  provides: [
    adaptiveKl,
    annealingKd,
    attentionTransfer,
    channelWise,
    consistency,
    correlationCongruence,
    cosine,
    crd,
    crossEntropy,
    dist,
    dkd,
    fitnets,
    generalizedJsd,
    kl,
    logitStandardization,
    mae,
    mse,
    multiLevelLogits,
    pkt,
    rkd,
    similarityPreserving,
    skewKl,
    softCrossEntropy,
    taid,
    todi,
    topKKl,
    ttm,
    wsl,
    wttm,
    alpha,
    constantWeights,
    dwa,
    gradientNorm,
    linearWeights,
    lossRatio,
    teacherConfidence,
    teacherCorrectness,
    tokenFocusing,
    uncertainty,
    uwSo,
  ],
});
