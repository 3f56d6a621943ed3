import type * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Loss, LossInputs } from '@temper/core';
import { anyLossCase, variableParts, type LossCase, type TapShapes } from './check-loss-cases.js';
import { gradientsEqualDifferences } from './check-loss-gradients.js';
import * as laws from './check-loss-laws.js';
import { anyObserved, keepsState } from './check-loss-state.js';
import { tensorsKept } from './laws.js';

/** Options of `checkLoss`: options of the loss, the properties that it claims, and inputs other than logits. */
export interface LossCheckOptions<O> {
  /** Options to try; not needed for a loss without options. */
  readonly options?: fc.Arbitrary<O>;
  /** Claim: identical logits (and taps) give 0 and no gradient. */
  readonly zeroWhenEqual?: boolean;
  /** Claim: adding a constant to all logits of a sample changes nothing. */
  readonly shiftInvariant?: boolean;
  /** Shapes of the intermediate outputs that it requests, without the batch. */
  readonly taps?: TapShapes;
  /** The smallest batch for which the loss is defined. Default 1. */
  readonly fewestSamples?: number;
  /**
   * For losses whose gradient excludes a part on purpose, such as weights that count as constants: the loss at `x` with that part as at
   * `around`. The gradient must equal its finite differences.
   */
  readonly holding?: (options: O, x: LossInputs, around: LossInputs) => tf.Tensor;
  /** The number of cases for each law. Default 25. */
  readonly runs?: number;
}

/**
 * Checks that a loss keeps the laws that a run relies on, over random logits `[samples, classes]`, labels,
 * temperatures, taps and variables:
 * it gives one value per sample or one for the batch; its gradients for the student's logits and taps, for the
 * temperature and for its own variables equal finite differences, and the teacher has none; values and gradients are
 * finite with logits of ±1e4 at temperatures from 0.05 to 1000; what is masked (label −100) has no influence, nor has
 * the order of the samples; `[batch, length, classes]` gives what its rows give; a temperature means the same as a
 * scalar, per sample, per class, per position and per side, and may differ between classes; what it measures is finite,
 * its state is plain JSON and `observe` changes nothing but its result; no tensor is left behind; and it does what
 * `zeroWhenEqual` and `shiftInvariant` claim.
 *
 * `make` is the definition, or for a class plug-in `(options) => kit.loss({ type: '…', ...options })`.
 * Independent of any test runner.
 * @throws Error with fast-check's report: the law, and the smallest counterexample with the seed that repeats it.
 * @example test('laws', () => checkLoss(myLoss, { options: fc.record({ margin: fc.constantFrom(0.5, 1) }), shiftInvariant: true }));
 */
export function checkLoss<O = object>(make: (options: O) => Loss, check: LossCheckOptions<O> = {}): void {
  const { options = fc.constant({} as O), taps = { student: {}, teacher: {} }, runs = 25, fewestSamples = 1 } = check;
  const mild = fc.double({ min: 0.5, max: 4, noNaN: true }).map(Math.fround);
  const law = <C extends LossCase>(tried: fc.Arbitrary<C>, holds: (loss: Loss, one: C, given: O) => void, numRuns = runs): void =>
    fc.assert(
      fc.property(options, tried, (given, one) => {
        const loss = make(given);
        tensorsKept(() => holds(loss, { ...one, parts: { ...one.parts, ...variableParts(loss, one, taps) } }, given));
      }),
      { numRuns, includeErrorInReport: true },
    );

  const held = check.holding;
  const cases = (temperature: fc.Arbitrary<number>, more: { readonly wild?: boolean; readonly perClass?: boolean } = {}) =>
    anyLossCase(taps, temperature, { ...more, fewestSamples });
  law(cases(mild), laws.oneValuePerSample);
  law(cases(mild), (loss, one, given) => {
    gradientsEqualDifferences(loss, one, held === undefined ? undefined : (x, around) => held(given, x, around));
  });
  law(
    cases(mild, { perClass: true }),
    (loss, one, given) => {
      gradientsEqualDifferences(loss, one, held === undefined ? undefined : (x, around) => held(given, x, around));
    },
    Math.ceil(runs / 2),
  );
  law(cases(fc.constantFrom(0.05, 1, 1000), { wild: true }), laws.staysFinite);
  law(cases(fc.constantFrom(0.05, 1, 1000), { wild: true, perClass: true }), laws.staysFinite);
  law(cases(mild), laws.orderHasNoInfluence);
  law(cases(mild), laws.maskedHasNoInfluence);
  law(cases(mild), laws.temperaturesAgree);
  const anyObservedCase = fc.tuple(cases(fc.constantFrom(0.05, 1, 1000), { wild: true }), anyObserved);
  law(
    anyObservedCase.map(([one, observed]) => ({ ...one, observed })),
    (loss, one) => {
      keepsState(loss, one, one.observed);
    },
  );
  if (Object.keys(taps.student).length === 0) law(cases(mild), laws.tokensAreSamples);
  if (check.zeroWhenEqual === true) law(cases(mild), laws.zeroWhenEqual);
  if (check.shiftInvariant === true) law(cases(mild), laws.shiftInvariant);
}
