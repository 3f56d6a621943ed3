import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type Optimizer, type OptimizerState, sizeOf } from '@temper/core';
import { anyProgress } from './arbitraries.js';
import { demand, sameNames, tensorsKept } from './laws.js';

/** Options of `checkOptimizer`. */
export interface OptimizerCheckOptions<O> {
  /** Options to try; the optimizer's own learning rate replaces their `learningRate`. */
  readonly options: fc.Arbitrary<O>;
  /** Names of the losses with separate gradients, where the optimizer requests them. Default `hard` and `soft`. */
  readonly losses?: readonly string[];
  /** The number of cases. Default 50. */
  readonly runs?: number;
}

const shapes = [[2, 3], [3], []];
const sizes = shapes.map((shape) => sizeOf(shape));
const total = sizes.reduce((sum, size) => sum + size, 0);

/**
 * Checks that an optimizer keeps the laws that a run relies on, over random gradients and rates:
 * the learning rate is finite, at least 0, and pure; the same updates give the same bits; its variables are all its
 * state (copied into a fresh one in the middle of training, the rest is the same to the bit), have names and shapes
 * that depend on the parameters' positions and shapes alone, and are not trained themselves; a learning rate of 0
 * changes no parameter; gradients are left as they are and may be 0 or as large as 1e12; no update leaves a tensor behind.
 * @throws Error with fast-check's report: the law, and the smallest counterexample with the seed that repeats it.
 * @example test('laws', () => checkOptimizer(myOptimizer, { options: fc.record({ learningRate: fc.constant(0.1) }) }));
 */
export function checkOptimizer<O>(
  make: (options: O) => Optimizer,
  { options, losses = ['hard', 'soft'], runs = 50 }: OptimizerCheckOptions<O>,
): void {
  fc.assert(
    fc.property(options, anyProgress(), anyProgress(), (given, at, other) => {
      const { learningRate } = make(given);
      const rate = learningRate(at);
      demand(Number.isFinite(rate) && rate >= 0, `the learning rate must be finite and at least 0, got ${rate}`);
      learningRate(other);
      demand(Object.is(learningRate(at), rate), 'the learning rate must not depend on what was asked before');
    }),
    { numRuns: runs, includeErrorInReport: true },
  );

  // No denormal numbers, which some backends treat as 0.
  const value = fc.integer({ min: -4096, max: 4096 }).map((n) => n / 1024);
  const size = fc.oneof({ weight: 4, arbitrary: value }, fc.constantFrom(0, 1e-12, 1e12));
  const flat = (one: fc.Arbitrary<number>): fc.Arbitrary<number[]> => fc.array(one, { minLength: total, maxLength: total });
  // Evenly spread from 0 to 1: most doubles there are so close to 0 that an update would change nothing, and show nothing.
  const rate = fc.integer({ min: 0, max: 1024 }).map((n) => n / 1024);
  fc.assert(
    fc.property(
      options,
      flat(value),
      fc.array(fc.record({ gradients: flat(size), rate }), { minLength: 1, maxLength: 6 }),
      fc.nat({ max: 5 }),
      (given, start, updates, cut) => {
        const whole = trained(make(given), start, updates, updates.length, losses);
        demand(whole.every(Number.isFinite), `parameters must stay finite, got ${whole}`);
        demand(same(whole, trained(make(given), start, updates, updates.length, losses)), 'the same updates must give the same bits');
        demand(
          same(whole, trained(make(given), start, updates, Math.min(cut, updates.length), losses)),
          'the variables must be all the state: resumed from them, training goes elsewhere',
        );
        const still = trained(
          make(given),
          start,
          updates.map((update) => ({ ...update, rate: 0 })),
          updates.length,
          losses,
        );
        demand(same(still, Array.from(Float32Array.from(start))), 'a learning rate of 0 must change no parameter');
      },
    ),
    { numRuns: runs, includeErrorInReport: true },
  );
}

interface Update {
  readonly gradients: readonly number[];
  readonly rate: number;
}

/** Returns the parameters after the updates; after `cut` of them the state is copied into a new optimizer. */
function trained(
  optimizer: Optimizer,
  start: readonly number[],
  updates: readonly Update[],
  cut: number,
  losses: readonly string[],
): number[] {
  return tensorsKept(() => {
    const parameters = tensors(start).map((tensor) => {
      const variable = tf.variable(tensor);
      tensor.dispose();
      return variable;
    });
    const first = optimizer.init(parameters);
    checkVariables(first, optimizer, parameters);
    for (const update of updates.slice(0, cut)) applyChecked(first, update, losses);
    const second = optimizer.init(parameters);
    for (const [name, variable] of Object.entries(second.variables))
      tf.tidy(() => variable.assign(tf.clone(first.variables[name] as tf.Variable)));
    for (const update of updates.slice(cut)) applyChecked(second, update, losses);
    const values = parameters.flatMap((parameter) => Array.from(parameter.dataSync()));
    tf.dispose([...parameters, ...Object.values(first.variables), ...Object.values(second.variables)]);
    return values;
  });
}

function applyChecked(state: OptimizerState, { gradients, rate }: Update, losses: readonly string[]): void {
  tensorsKept(() => {
    const given = tensors(gradients);
    const learningRate = tf.scalar(rate);
    tensorsKept(() => {
      // Not in a tidy: an update has to dispose its own tensors.
      if (state.applyPerLoss === undefined) state.apply(given, learningRate);
      else state.applyPerLoss(Object.fromEntries(losses.map((loss) => [loss, given])), learningRate);
    });
    demand(
      given.every((tensor) => !tensor.isDisposed),
      'gradients must not be disposed',
    );
    const after = given.flatMap((tensor) => Array.from(tensor.dataSync()));
    demand(same(after, Array.from(Float32Array.from(gradients))), 'gradients must be left as they are');
    tf.dispose([...given, learningRate]);
  });
}

function checkVariables({ variables }: OptimizerState, optimizer: Optimizer, parameters: readonly tf.Variable[]): void {
  for (const [name, { trainable }] of Object.entries(variables)) demand(!trainable, `variable "${name}" must not be trainable`);
  const others = parameters.map((parameter) => tf.tidy(() => tf.variable(tf.onesLike(parameter))));
  const again = optimizer.init(others).variables;
  sameNames('variables', Object.keys(again), Object.keys(variables), 'those that the shapes of the parameters give');
  for (const [name, { shape }] of Object.entries(variables))
    demand(same(again[name]?.shape ?? [NaN], shape), `variable "${name}" must have a shape that the shapes of the parameters give`);
  tf.dispose([...others, ...Object.values(again)]);
}

/** Returns a tensor for each parameter, from the numbers of all. */
function tensors(values: readonly number[]): tf.Tensor[] {
  let from = 0;
  return shapes.map((shape, i) => tf.tensor(values.slice(from, (from += sizes[i] as number)), shape));
}

const same = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((value, i) => value === b[i]);
