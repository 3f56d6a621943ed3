import * as tf from '@tensorflow/tfjs-core';
import type { Loss, LossInputs } from '../contracts/loss.js';
import type { Network, Penalty, Taps } from '../contracts/network.js';
import type { OptimizerState } from '../contracts/optimizer.js';
import type { Scalars, ScalarTensors, Temperature, TemperatureSchedule, Variables } from '../contracts/schedule.js';
import type { LossWeighting, WeightingInputs } from '../contracts/weighting.js';
import { meanOverCounted } from '../counted.js';
import { TemperError } from '../errors.js';
import { regularizationTerm } from '../metrics/names.js';
import type { Samples } from './batches.js';
import { named } from './blame.js';
import { gradientAtLogits } from './gradients.js';
import { partOf } from './part-of-update.js';

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
  /** The student's layers that this stage freezes as a whole, which run as outside of training. */
  readonly still: ReadonlySet<string>;
  /** The penalties of the student's layers on what is trained. */
  readonly penalties: readonly Penalty[];
  /** Sums of gradients, for each stream of them one for each of `variables`, where several batches make one update. */
  readonly sums?: Readonly<Record<string, readonly tf.Variable[]>>;
  /** Temperature at the first update, for `scale: 'initial'`. */
  readonly initialTemperature?: number;
  readonly graphKeys: { readonly temperature?: string; readonly weighting?: string };
}

/** What the losses, the temperature and the weights of a batch come from. */
export type TermParts = Pick<StepParts, 'losses' | 'temperature' | 'weighting' | 'learned' | 'initialTemperature' | 'graphKeys' | 'penalties'>;

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
  /** Sum of the penalties of the student's layers. */
  readonly regularization: tf.Tensor | undefined;
  /** Losses that have one value for the batch, none per sample. */
  readonly ofBatch: readonly string[];
  /** What is reported: the total, each term, weights and temperatures that the graph makes, what strategies measure. */
  readonly numbers: Readonly<Record<string, tf.Tensor>>;
}

/**
 * The loss terms of a batch, weighed and added up. For one of several micro-batches (inputs `share.1`, …) every number is that
 * micro-batch's part of the update's: the parts' numbers, and their gradients, add up to those of the update.
 */
export function weighedTerms(parts: TermParts, inputs: Inputs, outputs: Outputs): Terms {
  const { losses, weighting, learned } = parts;
  const { temperature, numbers: temperatureNumbers } = temperatureOf(parts, inputs, outputs);
  const { mask } = inputs;
  const labels = inputs['labels'] as tf.Tensor;
  const names = Object.keys(losses);
  const evaluate = (name: string, student: tf.Tensor): tf.Tensor =>
    named(`losses.${name}`, () => (losses[name] as Loss)(lossInputs(parts, inputs, { ...outputs, student }, temperature, name)));
  const values = Object.fromEntries(names.map((name) => [name, evaluate(name, outputs.student)]));
  const means = Object.fromEntries(names.map((name) => [name, meanOverCounted(values[name] as tf.Tensor, mask)]));
  const context: WeightingInputs = {
    scalars: scalarsOf(inputs, 'weighting'),
    losses: means,
    student: outputs.student,
    ...(outputs.teacher === undefined ? {} : { teacher: outputs.teacher }),
    labels,
    ...(mask === undefined ? {} : { mask }),
    variables: learned.weighting,
    ...(parts.graphKeys.weighting === undefined ? {} : { graphKey: parts.graphKeys.weighting }),
    gradientOf: (name) => gradientAtLogits(name, (student) => meanOverCounted(evaluate(name, student), mask), outputs.student),
  };
  const weights: Readonly<Record<string, tf.Tensor>> = named('weighting', () => weighting.weights?.(context) ?? context.scalars);
  const part = partOf(inputs, labels.rank);
  const mapped = (terms: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> =>
    Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, part(term, values[name]?.rank)]));
  const weighted = mapped(Object.fromEntries(names.map((name) => [name, weigh(name, weights[name], values[name] as tf.Tensor, means[name] as tf.Tensor, mask)])));
  const penalty = optional(named('weighting', () => weighting.penalty?.(context)), part);
  const regularization = optional(regularizationOf(parts.penalties), part);
  const all = [...Object.values(weighted), ...(penalty === undefined ? [] : [penalty]), ...(regularization === undefined ? [] : [regularization])];
  const total = all.reduce((sum, term) => tf.add(sum, term));
  const measured = {
    ...temperatureNumbers,
    ...(weighting.weights === undefined ? {} : prefixed('weight', Object.fromEntries(names.map((name) => [name, meanOverCounted(weights[name] as tf.Tensor, mask)])))),
    ...prefixed('weighting.measured', named('weighting', () => weighting.measure?.(context) ?? {})),
  };
  return {
    total,
    weighted,
    penalty,
    regularization,
    ofBatch: names.filter((name) => values[name]?.rank === 0),
    numbers: {
      loss: total,
      ...prefixed('loss', mapped(means)),
      ...(regularization === undefined ? {} : { [`loss.${regularizationTerm}`]: regularization }),
      ...Object.fromEntries(Object.entries(measured).map(([name, mean]) => [name, part(mean)])),
    },
  };
}

const optional = (term: tf.Tensor | undefined, change: (term: tf.Tensor) => tf.Tensor): tf.Tensor | undefined => (term === undefined ? undefined : change(term));

const regularizationOf = (penalties: readonly Penalty[]): tf.Tensor | undefined =>
  penalties.length === 0 ? undefined : penalties.map(({ value }): tf.Tensor => value()).reduce((sum, one) => tf.add(sum, one));

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
    ...(inputs['mask'] === undefined ? {} : { mask: inputs['mask'] }),
    variables: learned.temperature,
    ...(graphKeys.temperature === undefined ? {} : { graphKey: graphKeys.temperature }),
  };
  return named('temperature', () => {
    const temperature = schedule.temperature?.(x) ?? (scalars['value'] as tf.Scalar);
    const sides = temperature instanceof tf.Tensor ? { temperature } : { 'temperature.student': temperature.student, 'temperature.teacher': temperature.teacher };
    const means = Object.fromEntries(Object.entries(sides).map(([name, side]) => [name, meanOverCounted(side, inputs['mask'])]));
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

function weigh(name: string, weight: tf.Tensor | undefined, values: tf.Tensor, mean: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  if (weight === undefined) throw new TemperError({ code: 'plugin/invalid', path: 'weighting', message: `gives no weight to loss "${name}"` });
  if (weight.rank === 0) return tf.mul(weight, mean);
  if (values.rank === 0) {
    throw new TemperError({ code: 'config/invalid', path: 'weighting', message: `weighs samples, and loss "${name}" has one value for the batch, none per sample` });
  }
  return meanOverCounted(tf.mul(values, weight), mask);
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
