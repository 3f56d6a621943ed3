import { definePlugin } from '@temper/core';
import { constant } from './curves/constant.js';
import { cosine } from './curves/cosine.js';
import { cyclic } from './curves/cyclic.js';
import { exponential } from './curves/exponential.js';
import { inverse } from './curves/inverse.js';
import { linear } from './curves/linear.js';
import { oneCycle } from './curves/one-cycle.js';
import { piecewise } from './curves/piecewise.js';
import { polynomial } from './curves/polynomial.js';
import { sigmoid } from './curves/sigmoid.js';
import { step } from './curves/step.js';
import { warmUpHoldDecay } from './curves/warm-up-hold-decay.js';
import { clamp } from './operators/clamp.js';
import { global } from './operators/global.js';
import { hold } from './operators/hold.js';
import { jitter } from './operators/jitter.js';
import { max } from './operators/max.js';
import { min } from './operators/min.js';
import { offset } from './operators/offset.js';
import { product } from './operators/product.js';
import { quantise } from './operators/quantise.js';
import { repeat } from './operators/repeat.js';
import { reverse } from './operators/reverse.js';
import { scale } from './operators/scale.js';
import { sequence } from './operators/sequence.js';
import { sides } from './operators/sides.js';
import { sum } from './operators/sum.js';
import { warmUp } from './operators/warm-up.js';
import { asymmetricPerSample } from './adaptive/asymmetric-per-sample.js';
import { ats } from './adaptive/ats.js';
import { ctkdPerClass } from './adaptive/ctkd-per-class.js';
import { dts } from './adaptive/dts.js';
import { inverseDifficulty } from './adaptive/inverse-difficulty.js';
import { largestLogit } from './adaptive/largest-logit.js';
import { confidenceMatched } from './adaptive/confidence-matched.js';
import { ctkd } from './adaptive/ctkd.js';
import { ctkdPerSample } from './adaptive/ctkd-per-sample.js';
import { cwsm } from './adaptive/cwsm.js';
import { dtkd } from './adaptive/dtkd.js';
import { entropyMatched } from './adaptive/entropy-matched.js';
import { flsw } from './adaptive/flsw.js';
import { logitStandardization } from './adaptive/logit-standardization.js';
import { plateau } from './adaptive/plateau.js';
import { studentTeacherGap } from './adaptive/student-teacher-gap.js';
import { targetEntropy } from './adaptive/target-entropy.js';

export { constant, cosine, cyclic, exponential, inverse, linear, oneCycle, piecewise, polynomial, sigmoid, step, warmUpHoldDecay };
export { clamp, global, hold, jitter, max, min, offset, product, quantise, repeat, reverse, scale, sequence, sides, sum, warmUp };
export {
  asymmetricPerSample,
  ats,
  ctkdPerClass,
  dts,
  inverseDifficulty,
  largestLogit,
  confidenceMatched,
  ctkdPerSample,
  ctkd,
  cwsm,
  dtkd,
  entropyMatched,
  flsw,
  logitStandardization,
  plateau,
  studentTeacherGap,
  targetEntropy,
};
export { describe } from './introspect/describe.js';
export { sample, type SampleOptions } from './introspect/sample.js';

/** Every schedule, operator and adaptive temperature of this package, for `createKit({ plugins: [schedules, …] })`. */
export const schedules = definePlugin({
  name: 'schedules',
  provides: [
    constant,
    cosine,
    cyclic,
    exponential,
    inverse,
    linear,
    oneCycle,
    piecewise,
    polynomial,
    sigmoid,
    step,
    warmUpHoldDecay,
    clamp,
    global,
    hold,
    jitter,
    max,
    min,
    offset,
    product,
    quantise,
    repeat,
    reverse,
    scale,
    sequence,
    sides,
    sum,
    warmUp,
    asymmetricPerSample,
    ats,
    ctkdPerClass,
    dts,
    inverseDifficulty,
    largestLogit,
    confidenceMatched,
    ctkdPerSample,
    ctkd,
    cwsm,
    dtkd,
    entropyMatched,
    flsw,
    logitStandardization,
    plateau,
    studentTeacherGap,
    targetEntropy,
  ],
});
export type { Operator } from './combine/operator.js';
