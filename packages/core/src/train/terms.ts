import * as tf from '@tensorflow/tfjs-core';
import type { Loss, LossInputs } from '../contracts/loss.js';
import type { Network, Taps } from '../contracts/network.js';
import type { OptimizerState } from '../contracts/optimizer.js';
import type { Scalars, ScalarTensors, Temperature, TemperatureSchedule, Variables } from '../contracts/schedule.js';
import type { LossWeighting, WeightingInputs } from '../contracts/weighting.js';
import { TemperError } from '../errors.js';
import type { Samples } from './batches.js';
import { named } from './blame.js';

/** Everything that one update is made of. */
export interface StepParts {
  readonly name: string;
  readonly student: Network;
  /** What the step picks its batch from; absent where it is handed over. */
  readonly samples?: Samples;
  /** Runs inside the step, where its logits are not known beforehand. */
  readonly teacher?: Network;
  readonly losses: Readonly<Record<string, Loss>>;
  readonly temperature: TemperatureSchedule;
  readonly weighting: LossWeighting;
  readonly optimizer: OptimizerState;
  /** What is trained: the student's parameters less the frozen ones, and what strategies learn. */
  readonly variables: readonly tf.Variable[];
  readonly learned: LearnedVariables;
  readonly clipNorm?: number;
  readonly average?: MovingAverage;
  /** Sums of gradients, one for each of `variables`, where several batches make one update. */
  readonly sums?: readonly tf.Variable[];
  /** Temperature at the first update, for `scale: 'initial'`. */
  readonly initialTemperature?: number;
  readonly graphKeys: { readonly temperature?: string; readonly weighting?: string };
}

/** What the losses, the temperature and the weights of a batch come from. */
export type TermParts = Pick<StepParts, 'losses' | 'temperature' | 'weighting' | 'learned' | 'initialTemperature' | 'graphKeys'>;

/** Exponential moving average of a network's parameters. */
export interface MovingAverage {
  readonly decay: number;
  /** One for each of the network's parameters. */
  readonly shadows: readonly tf.Variable[];
}

/** Learned variables of the strategies of a stage. */
export interface LearnedVariables {
  readonly temperature: Variables;
  readonly weighting: Variables;
  readonly losses: Readonly<Record<string, Variables>>;
}

/** What the networks make of a batch. */
export interface Outputs {
  readonly student: tf.Tensor;
  readonly teacher: tf.Tensor | undefined;
  readonly taps: { readonly student: Taps; readonly teacher: Taps };
}

export type Inputs = Readonly<Record<string, tf.Tensor>>;

export interface Terms {
  readonly total: tf.Tensor;
  readonly weighted: Readonly<Record<string, tf.Tensor>>;
  readonly penalty: tf.Tensor | undefined;
  /** What is reported: the total, each term, weights and temperatures that the graph makes, what strategies measure. */
  readonly numbers: Readonly<Record<string, tf.Tensor>>;
}

/** The loss terms of a batch, weighed and added up. */
export function weighedTerms(parts: TermParts, inputs: Inputs, outputs: Outputs): Terms {
  const { losses, weighting, learned } = parts;
  const { temperature, numbers: temperatureNumbers } = temperatureOf(parts, inputs, outputs);
  const names = Object.keys(losses);
  const evaluate = (name: string, student: tf.Tensor): tf.Tensor =>
    named(`losses.${name}`, () => (losses[name] as Loss)(lossInputs(parts, inputs, { ...outputs, student }, temperature, name)));
  const values = Object.fromEntries(names.map((name) => [name, evaluate(name, outputs.student)]));
  const means = Object.fromEntries(names.map((name) => [name, meanOf(values[name] as tf.Tensor, inputs['mask'])]));
  const context: WeightingInputs = {
    scalars: scalarsOf(inputs, 'weighting'),
    losses: means as Readonly<Record<string, tf.Scalar>>,
    student: outputs.student,
    ...(outputs.teacher === undefined ? {} : { teacher: outputs.teacher }),
    labels: inputs['labels'] as tf.Tensor,
    variables: learned.weighting,
    ...(parts.graphKeys.weighting === undefined ? {} : { graphKey: parts.graphKeys.weighting }),
    gradientOf: (name) => gradientAtLogits(name, (student) => meanOf(evaluate(name, student), inputs['mask']), outputs.student),
  };
  const weights: Readonly<Record<string, tf.Tensor>> = named('weighting', () => weighting.weights?.(context) ?? context.scalars);
  const weighted = Object.fromEntries(names.map((name) => [name, weigh(name, weights[name], values[name] as tf.Tensor, means[name] as tf.Tensor, inputs['mask'])]));
  const penalty = named('weighting', () => weighting.penalty?.(context));
  const all = [...Object.values(weighted), ...(penalty === undefined ? [] : [penalty])];
  const total = all.reduce((sum, term) => tf.add(sum, term));
  return {
    total,
    weighted,
    penalty,
    numbers: {
      loss: total,
      ...prefixed('loss', means),
      ...temperatureNumbers,
      ...(weighting.weights === undefined ? {} : prefixed('weight', Object.fromEntries(names.map((name) => [name, tf.mean(weights[name] as tf.Tensor)])))),
      ...prefixed('weighting.measured', named('weighting', () => weighting.measure?.(context) ?? {})),
    },
  };
}

function gradientAtLogits(name: string, mean: (student: tf.Tensor) => tf.Tensor, student: tf.Tensor): tf.Tensor {
  try {
    // The zero is always reached: where the logits are not, tfjs then notices it only after it has freed the forward pass.
    return tf.grads((logits: tf.Tensor, zero: tf.Tensor) => tf.add(mean(logits), zero))([student, tf.scalar(0)])[0] as tf.Tensor;
  } catch (error) {
    // What tfjs says where no operation leads from the logits to the loss.
    if (!(error instanceof Error && error.message.startsWith('Cannot compute gradient of y=f(x)'))) throw error;
    throw new TemperError({
      code: 'config/invalid',
      message: `asks for the gradient of losses.${name} at the student's logits, and this loss does not look at them`,
      hint: 'A loss that compares intermediate outputs alone cannot be balanced by gradients at the logits: take another weighting, for instance uncertainty or loss-ratio.',
      cause: error,
    });
  }
}

function temperatureOf(parts: TermParts, inputs: Inputs, { student, teacher }: Outputs): { temperature: Temperature; numbers: Record<string, tf.Tensor> } {
  const { temperature: schedule, learned, graphKeys } = parts;
  const scalars = scalarsOf(inputs, 'temperature');
  if (schedule.temperature === undefined && schedule.measure === undefined) return { temperature: scalars['value'] as tf.Scalar, numbers: {} };
  if (teacher === undefined) {
    throw new TemperError({ code: 'config/invalid', path: 'temperature', message: 'adapts to the teacher, and the run has none', hint: 'Add a teacher, or take a plain schedule.' });
  }
  const x = {
    scalars,
    student,
    teacher,
    labels: inputs['labels'] as tf.Tensor,
    variables: learned.temperature,
    ...(graphKeys.temperature === undefined ? {} : { graphKey: graphKeys.temperature }),
  };
  return named('temperature', () => {
    const temperature = schedule.temperature?.(x) ?? (scalars['value'] as tf.Scalar);
    const sides = temperature instanceof tf.Tensor ? { temperature } : { 'temperature.student': temperature.student, 'temperature.teacher': temperature.teacher };
    const means = Object.fromEntries(Object.entries(sides).map(([name, side]) => [name, tf.mean(side)]));
    return { temperature, numbers: { ...means, ...prefixed('temperature.measured', schedule.measure?.({ ...x, temperature }) ?? {}) } };
  });
}

function lossInputs(parts: TermParts, inputs: Inputs, outputs: Outputs, temperature: Temperature, name: string): LossInputs {
  const mask = inputs['mask'];
  return {
    student: outputs.student,
    ...(outputs.teacher === undefined ? {} : { teacher: outputs.teacher }),
    labels: inputs['labels'] as tf.Tensor,
    temperature,
    ...(mask === undefined ? {} : { mask }),
    scalars: scalarsOf(inputs, `losses.${name}`),
    ...(parts.initialTemperature === undefined ? {} : { initialTemperature: parts.initialTemperature }),
    variables: parts.learned.losses[name] ?? {},
    taps: outputs.taps,
  };
}

/** Mean over the counted samples; a loss that gives one value for the batch has taken it already. */
function meanOf(values: tf.Tensor, mask: tf.Tensor | undefined): tf.Scalar {
  if (values.rank === 0) return values as tf.Scalar;
  if (mask === undefined) return tf.mean(values);
  // At least one, so that a batch of which nothing counts gives 0 and not NaN.
  return tf.div(tf.sum(tf.mul(values, mask)), tf.maximum(tf.sum(mask), 1));
}

function weigh(name: string, weight: tf.Tensor | undefined, values: tf.Tensor, mean: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  if (weight === undefined) throw new TemperError({ code: 'plugin/invalid', path: 'weighting', message: `gives no weight to loss "${name}"` });
  if (weight.rank === 0) return tf.mul(weight, mean);
  if (values.rank === 0) {
    throw new TemperError({ code: 'config/invalid', path: 'weighting', message: `weighs samples, and loss "${name}" has one value for the batch, none per sample` });
  }
  return meanOf(tf.mul(values, weight), mask);
}

/** The scalars of one strategy, under its own names. */
function scalarsOf(inputs: Inputs, prefix: string): ScalarTensors {
  const start = `${prefix}.`;
  const own = Object.entries(inputs).filter(([key]) => key.startsWith(start));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(start.length), value as tf.Scalar]));
}

/** Names with the name of their owner before them. */
export function prefixed<T>(prefix: string, entries: Readonly<Record<string, T>> | Scalars): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [`${prefix}.${name}`, value as T]));
}
