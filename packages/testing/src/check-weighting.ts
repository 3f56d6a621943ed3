import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { asWeighting, createRandom, type Json, type LossWeighting, type Progress, type Scalars, type WeightSchedule } from '@temper/core';
import { anyBatch, anyObservations, anyProgress, type BatchValues } from './arbitraries.js';
import { demand, sameNames, tensorsKept } from './laws.js';
import { stateAfter } from './state-after.js';
import { weightingInputs } from './weighting-inputs.js';

/** Options of `checkWeighting`. */
export interface WeightingCheckOptions<O> {
  /** Options to try; not needed for a weighting without options. */
  readonly options?: fc.Arbitrary<O>;
  /** Names of the losses to weigh. Default `soft` and `hard`. */
  readonly losses?: readonly string[];
  /** The number of cases. Default 100. */
  readonly runs?: number;
}

/**
 * Checks that a weighting keeps the laws that a run relies on, over random progress, losses, logits and observations,
 * extremes (losses of 0 and 1e10, logits of ±1e4, gradients of 0) among them:
 * it names every loss and no other; weights are finite, at least 0, and a scalar or one for each sample; its scalars
 * are finite and have the same names at every step and in every state, so that one recorded step serves them all;
 * the same inputs give the same bits, whatever was asked before; `observe` changes nothing but its result, which is
 * plain JSON; penalty and measures are finite scalars; no tensor is left behind.
 *
 * `make` is the definition, or for a class plug-in `(options) => kit.weighting({ type: '…', ...options })`.
 * Independent of any test runner.
 * @throws Error with fast-check's report: the law, and the smallest counterexample with the seed that repeats it.
 * @example test('laws', () => checkWeighting(myWeighting, { options: fc.record({ soft: fc.double({ min: 0, max: 1, noNaN: true }) }) }));
 */
export function checkWeighting<O = object>(
  make: (options: O) => WeightSchedule | LossWeighting,
  check: WeightingCheckOptions<O> = {},
): void {
  const { options = fc.constant({} as O), losses = ['soft', 'hard'], runs = 100 } = check;
  const build = (given: O): LossWeighting => asWeighting(make(given));

  fc.assert(
    fc.property(options, anyObservations(losses), anyProgress(), anyProgress(), (given, observations, at, other) => {
      const weighting = build(given);
      const state = stateAfter(weighting, observations);
      const first = weighting.scalars(at, state, losses);
      const names = Object.keys(weighting.scalars(other, weighting.state?.initial ?? null, losses));
      sameNames('scalars', Object.keys(first), names, 'the same at every step and in every state');
      for (const [name, value] of Object.entries(first)) demand(Number.isFinite(value), `scalar "${name}" must be finite, got ${value}`);
      sameScalars(first, weighting.scalars(at, state, losses), 'when asked again');
      sameScalars(first, build(given).scalars(at, stateAfter(build(given), observations), losses), 'when nothing else was asked before');
    }),
    { numRuns: runs, includeErrorInReport: true },
  );

  fc.assert(
    fc.property(options, anyObservations(losses), anyProgress(), anyBatch(losses), (given, observations, at, batch) => {
      const weighting = build(given);
      const state = stateAfter(weighting, observations);
      const once = evaluate(weighting, state, at, batch);
      const again = evaluate(build(given), JSON.parse(JSON.stringify(state)) as Json, at, batch);
      demand(JSON.stringify(once) === JSON.stringify(again), 'the same inputs must give the same weights to the bit');
    }),
    { numRuns: runs, includeErrorInReport: true },
  );
}

/** Returns both sides for one batch, checked, as plain numbers. */
function evaluate(weighting: LossWeighting, state: Json, at: Progress, batch: BatchValues): Readonly<Record<string, readonly number[]>> {
  const names = Object.keys(batch.losses);
  return tensorsKept(() => {
    const variables = weighting.variables?.({ classes: batch.classes, losses: names, random: createRandom(0) }) ?? {};
    const result = tf.tidy(() => {
      const x = { ...weightingInputs({ ...batch, variables, scalars: weighting.scalars(at, state, names) }), ...graphKeyOf(weighting, at) };
      const weights: Readonly<Record<string, tf.Tensor>> = weighting.weights?.(x) ?? x.scalars;
      sameNames('weights', Object.keys(weights), names, 'those of the losses');
      for (const [name, weight] of Object.entries(weights)) {
        const isPerSample = weight.shape.length === x.labels.shape.length && weight.shape.every((size, i) => size === x.labels.shape[i]);
        demand(
          weight.rank === 0 || isPerSample,
          `weight of "${name}" must be a scalar or have the shape of the labels [${x.labels.shape}], got [${weight.shape}]`,
        );
        demand(
          weight.dataSync().every((value) => Number.isFinite(value) && value >= 0),
          `weight of "${name}" must be finite and at least 0, got ${weight.dataSync()}`,
        );
      }
      const further = { ...(weighting.penalty === undefined ? {} : { penalty: weighting.penalty(x) }), ...weighting.measure?.(x) };
      for (const [name, value] of Object.entries(further)) {
        demand(
          value.rank === 0 && Number.isFinite(value.dataSync()[0]),
          `${name} must be a finite scalar, got ${value.dataSync()} of shape [${value.shape}]`,
        );
      }
      return Object.fromEntries(Object.entries({ ...weights, ...further }).map(([name, value]) => [name, Array.from(value.dataSync())]));
    });
    tf.dispose(variables);
    return result;
  });
}

const graphKeyOf = ({ graphKey }: LossWeighting, at: Progress) => (graphKey === undefined ? {} : { graphKey: graphKey(at) });

function sameScalars(first: Scalars, second: Scalars, when: string): void {
  for (const [name, value] of Object.entries(first))
    demand(Object.is(second[name], value), `scalar "${name}" must be ${value} again ${when}, got ${second[name]}`);
}
