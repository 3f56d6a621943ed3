import * as tf from '@tensorflow/tfjs-core';
import type { StepDefinition } from '../contracts/engine.js';
import type { Loss, LossInputs } from '../contracts/loss.js';
import type { CallOptions, Network, Taps } from '../contracts/network.js';
import type { OptimizerState } from '../contracts/optimizer.js';
import type { Scalars, ScalarTensors, Temperature, TemperatureSchedule, Variables } from '../contracts/schedule.js';
import type { LossWeighting, WeightingInputs } from '../contracts/weighting.js';
import { TemperError } from '../errors.js';
import { named } from './blame.js';

/** Everything that one update is made of. */
export interface StepParts {
  readonly name: string;
  readonly student: Network;
  /** Runs inside the step, where its logits are not known beforehand. */
  readonly teacher?: Network;
  readonly losses: Readonly<Record<string, Loss>>;
  readonly temperature: TemperatureSchedule;
  readonly weighting: LossWeighting;
  readonly optimizer: OptimizerState;
  readonly learned: LearnedVariables;
  /** Temperature at the first update, for `scale: 'initial'`. */
  readonly initialTemperature?: number;
  readonly graphKeys: { readonly temperature?: string; readonly weighting?: string };
}

/** Learned variables of the strategies of a stage. */
export interface LearnedVariables {
  readonly temperature: Variables;
  readonly weighting: Variables;
  readonly losses: Readonly<Record<string, Variables>>;
}

/** A step for an engine; it returns `numbers`, one value for each of `numberNames()` (known once it has run). */
export interface TrainingStep {
  readonly definition: StepDefinition;
  numberNames(): readonly string[];
}

/** What the networks make of a batch. */
interface Outputs {
  readonly student: tf.Tensor;
  readonly teacher: tf.Tensor | undefined;
  readonly taps: { readonly student: Taps; readonly teacher: Taps };
}

type Inputs = Readonly<Record<string, tf.Tensor>>;

/**
 * One update as ordinary tensor operations: networks → temperature → losses → weights → gradients → optimizer.
 * Everything that differs between updates is an input (`inputs`, `labels`, `teacher`, `mask`, `seed`, and the scalars
 * under prefixed names such as `temperature.value`), so one recording serves them all.
 */
export function trainingStep(parts: StepParts): TrainingStep {
  let names: readonly string[] = [];
  const { student, teacher, optimizer, learned } = parts;
  const variables = trainedVariables(student, learned);
  const body = (inputs: Inputs): { numbers: tf.Tensor } => {
    const known = teacherOutputs(parts, inputs);
    let numbers: tf.Tensor | undefined;
    const terms = (): Terms => {
      const made = weighedTerms(parts, inputs, runStudent(parts, inputs, known));
      if (numbers === undefined) {
        names = Object.keys(made.numbers);
        // Kept: a gradient's forward pass disposes everything it does not return.
        numbers = tf.keep(tf.stack(Object.values(made.numbers)));
      }
      return made;
    };
    const learningRate = inputs['learningRate'] as tf.Scalar;
    if (optimizer.applyPerLoss === undefined) optimizer.apply(gradientsOf(() => terms().total, variables), learningRate);
    else optimizer.applyPerLoss(gradientsPerLoss(terms, Object.keys(parts.losses), variables, student.buffers), learningRate);
    return { numbers: numbers as unknown as tf.Tensor };
  };
  const definition: StepDefinition = {
    name: parts.name,
    state: [...variables, ...student.buffers, ...Object.values(optimizer.variables)],
    frozen: teacher === undefined ? [] : [...teacher.parameters, ...teacher.buffers, ...(teacher.constants ?? [])],
    body,
  };
  return { definition, numberNames: () => names };
}

/** The student's parameters and what the strategies learn, in a stable order. */
export const trainedVariables = (student: Network, learned: LearnedVariables): tf.Variable[] => [
  ...student.parameters,
  ...[learned.temperature, learned.weighting, ...Object.values(learned.losses)].flatMap((variables) => Object.values(variables)),
];

function gradientsOf(total: () => tf.Tensor, variables: readonly tf.Variable[]): tf.Tensor[] {
  const { grads } = tf.variableGrads(() => total() as tf.Scalar, [...variables]);
  // A variable that nothing depends on now (a learned temperature in another part of a sequence) has no gradient.
  return variables.map((variable) => (grads[variable.name] as tf.Tensor | null | undefined) ?? tf.zerosLike(variable));
}

/** Gradients of each weighted term; every term repeats the forward pass, whose effect on moving averages counts once. */
function gradientsPerLoss(terms: () => Terms, names: readonly string[], variables: readonly tf.Variable[], buffers: readonly tf.Variable[]) {
  let after: readonly tf.Tensor[] | undefined;
  const entries = names.map((name, index) => {
    const gradients = gradientsOf(() => {
      const { weighted, penalty } = terms();
      const own = weighted[name] as tf.Tensor;
      return index === 0 && penalty !== undefined ? tf.add(own, penalty) : own;
    }, variables);
    const moved = after;
    if (moved === undefined) after = buffers.map((buffer) => tf.clone(buffer));
    else buffers.forEach((buffer, i) => buffer.assign(moved[i] as tf.Tensor));
    return [name, gradients] as const;
  });
  return Object.fromEntries(entries);
}

function runNetwork(network: Network, inputs: tf.Tensor, taps: readonly string[], options: CallOptions): { logits: tf.Tensor; taps: Taps } {
  if (taps.length === 0) return { logits: network.logits(inputs, options), taps: {} };
  if (network.tapped === undefined) {
    throw new TemperError({
      code: 'model/invalid',
      message: `${network.name} gives no intermediate outputs, and a loss asks for ${taps.join(', ')}`,
      hint: 'Use a tfjs LayersModel, or a Network with a function `tapped`.',
    });
  }
  return network.tapped(inputs, taps, options);
}

function teacherOutputs({ teacher, losses }: StepParts, inputs: Inputs): { logits: tf.Tensor | undefined; taps: Taps } {
  if (teacher === undefined) return { logits: inputs['teacher'], taps: {} };
  return named('teacher', () => runNetwork(teacher, inputs['inputs'] as tf.Tensor, tapsOf(losses, 'teacher'), { training: false }));
}

function runStudent({ student, losses }: StepParts, inputs: Inputs, known: { logits: tf.Tensor | undefined; taps: Taps }): Outputs {
  const seed = inputs['seed'] as tf.Tensor1D | undefined;
  const options = seed === undefined ? { training: true } : { training: true, seed };
  const { logits, taps } = named('student', () => runNetwork(student, inputs['inputs'] as tf.Tensor, tapsOf(losses, 'student'), options));
  return { student: logits, teacher: known.logits, taps: { student: taps, teacher: known.taps } };
}

/** Layer names that the losses ask one of the networks for, each once. */
export const tapsOf = (losses: Readonly<Record<string, Loss>>, side: 'student' | 'teacher'): string[] => [
  ...new Set(Object.values(losses).flatMap((loss) => loss.taps?.[side] ?? [])),
];

interface Terms {
  readonly total: tf.Tensor;
  readonly weighted: Readonly<Record<string, tf.Tensor>>;
  readonly penalty: tf.Tensor | undefined;
  /** What is reported: the total, each term, weights and temperatures that the graph makes, what strategies measure. */
  readonly numbers: Readonly<Record<string, tf.Tensor>>;
}

function weighedTerms(parts: StepParts, inputs: Inputs, outputs: Outputs): Terms {
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
    gradientOf: (name) => tf.grad((student) => meanOf(evaluate(name, student), inputs['mask']))(outputs.student),
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

function temperatureOf(parts: StepParts, inputs: Inputs, { student, teacher }: Outputs): { temperature: Temperature; numbers: Record<string, tf.Tensor> } {
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

function lossInputs(parts: StepParts, inputs: Inputs, outputs: Outputs, temperature: Temperature, name: string): LossInputs {
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
