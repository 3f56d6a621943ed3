import * as tf from '@tensorflow/tfjs-core';
import type { StepDefinition } from '../contracts/engine.js';
import type { Loss } from '../contracts/loss.js';
import type { CallOptions, Network, Taps } from '../contracts/network.js';
import { TemperError } from '../errors.js';
import { pick } from './batches.js';
import { named } from './blame.js';
import { finiteProbe } from './non-finite.js';
import { weighedTerms, type Inputs, type LearnedVariables, type MovingAverage, type Outputs, type StepParts, type Terms } from './terms.js';

/** A step for an engine; it returns `numbers`, one value for each of `numberNames()` (known once it has run). */
export interface TrainingStep {
  readonly definition: StepDefinition;
  numberNames(): readonly string[];
  /** For each term of the loss: 0 where its gradients are finite, else NaN. Changes no variable but running statistics. */
  gradientProbes(inputs: Inputs): Record<string, tf.Scalar>;
}

/**
 * One update as ordinary tensor operations: networks → temperature → losses → weights → gradients → optimizer.
 * Everything that differs between updates is an input (`inputs`, `labels`, `teacher`, `mask`, or the `places` of all those
 * among the samples, `seed`, and the scalars under prefixed names such as `temperature.value`), so one recording serves
 * them all.
 * @param role `whole`: the batch makes an update. Where several do, each but the last is `part` (its gradients are
 * added up, weighted with the scalar `share` of the update's samples), and the last is `last`.
 */
export function trainingStep(parts: StepParts, role: 'whole' | 'part' | 'last' = 'whole'): TrainingStep {
  let names: readonly string[] = [];
  const { student, teacher, optimizer, variables, average, samples = {}, sums = [] } = parts;
  const body = (given: Inputs): { numbers: tf.Tensor } => {
    const inputs = { ...given, ...pick(samples, given['places'] as tf.Tensor1D) };
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
    if (optimizer.applyPerLoss !== undefined) {
      const { gradients, reaches } = gradientsPerLoss(terms, Object.keys(parts.losses), variables, student.buffers);
      named('optimizer', () => optimizer.applyPerLoss?.(clipTogether(gradients, parts.clipNorm), learningRate, reaches));
    } else {
      const { gradients } = gradientsOf(() => terms().total, variables);
      const added = role === 'whole' ? gradients : gradients.map((gradient, i) => tf.add(sums[i] as tf.Tensor, tf.mul(gradient, inputs['share'] as tf.Scalar)));
      if (role === 'part') sums.forEach((sum, i) => sum.assign(added[i] as tf.Tensor));
      else {
        if (role === 'last') sums.forEach((sum) => sum.assign(tf.zerosLike(sum)));
        const { all: clipped } = clipTogether({ all: added }, parts.clipNorm);
        named('optimizer', () => optimizer.apply(clipped as readonly tf.Tensor[], learningRate));
      }
    }
    if (role !== 'part' && average !== undefined) follow(average, student.parameters);
    return { numbers: numbers as unknown as tf.Tensor };
  };
  const definition: StepDefinition = {
    name: parts.name,
    state: [...new Set([...student.parameters, ...variables, ...student.buffers, ...Object.values(optimizer.variables), ...(average?.shadows ?? []), ...sums])],
    frozen: [...Object.values(samples), ...(teacher === undefined ? [] : [...teacher.parameters, ...teacher.buffers, ...(teacher.constants ?? [])])],
    body,
  };
  const gradientProbes = (given: Inputs): Record<string, tf.Scalar> => {
    const inputs = { ...given, ...pick(samples, given['places'] as tf.Tensor1D) };
    const known = teacherOutputs(parts, inputs);
    const terms = (): Record<string, tf.Tensor> => {
      const { weighted, penalty } = weighedTerms(parts, inputs, runStudent(parts, inputs, known));
      return { ...weighted, ...(penalty === undefined ? {} : { penalty }) };
    };
    const probe = (name: string): tf.Scalar => finiteProbe(gradientsOf(() => terms()[name] as tf.Tensor, variables).gradients);
    return Object.fromEntries(Object.keys(terms()).map((name) => [name, probe(name)]));
  };
  return { definition, numberNames: () => names, gradientProbes };
}

/** What the strategies of a stage learn, in a stable order. */
export const learnedList = (learned: LearnedVariables): tf.Variable[] =>
  [learned.temperature, learned.weighting, ...Object.values(learned.losses)].flatMap((variables) => Object.values(variables));

/** shadow ← shadow + (1 − decay)·(parameter − shadow) */
function follow({ decay, shadows }: MovingAverage, parameters: readonly tf.Variable[]): void {
  shadows.forEach((shadow, i) => shadow.assign(tf.add(shadow, tf.mul(1 - decay, tf.sub(parameters[i] as tf.Tensor, shadow)))));
}

/** Scales all gradients by min(1, limit / norm), norm that of their sum over the terms, taken over all variables. */
function clipTogether<T extends Readonly<Record<string, readonly tf.Tensor[]>>>(perLoss: T, limit: number | undefined): T {
  if (limit === undefined) return perLoss;
  const sums = Object.values(perLoss).reduce((sum, gradients) => sum.map((one, i) => tf.add(one, gradients[i] as tf.Tensor)));
  const norm = tf.sqrt(tf.addN(sums.map((gradient) => tf.sum(tf.square(gradient)))));
  // At most 1, and 1 for a norm of 0.
  const scale = tf.minimum(1, tf.div(limit, tf.maximum(norm, 1e-12)));
  return Object.fromEntries(Object.entries(perLoss).map(([name, gradients]) => [name, gradients.map((gradient) => tf.mul(gradient, scale))])) as unknown as T;
}

/** A variable that nothing depends on now (a learned temperature in another part of a sequence) has gradient 0, and is not reached. */
function gradientsOf(total: () => tf.Tensor, variables: readonly tf.Variable[]): { readonly gradients: tf.Tensor[]; readonly reached: boolean[] } {
  const { grads } = tf.variableGrads(() => total() as tf.Scalar, [...variables]);
  const found = variables.map((variable) => (grads[variable.name] as tf.Tensor | null | undefined) ?? undefined);
  return { gradients: found.map((gradient, i) => gradient ?? tf.zerosLike(variables[i] as tf.Variable)), reached: found.map((gradient) => gradient !== undefined) };
}

/** Gradients of each weighted term; every term repeats the forward pass, whose effect on moving averages counts once. */
function gradientsPerLoss(terms: () => Terms, names: readonly string[], variables: readonly tf.Variable[], buffers: readonly tf.Variable[]) {
  let after: readonly tf.Tensor[] | undefined;
  const entries = names.map((name, index) => {
    const found = gradientsOf(() => {
      const { weighted, penalty } = terms();
      const own = weighted[name] as tf.Tensor;
      return index === 0 && penalty !== undefined ? tf.add(own, penalty) : own;
    }, variables);
    const moved = after;
    if (moved === undefined) after = buffers.map((buffer) => tf.clone(buffer));
    else buffers.forEach((buffer, i) => buffer.assign(moved[i] as tf.Tensor));
    return [name, found] as const;
  });
  return {
    gradients: Object.fromEntries(entries.map(([name, { gradients }]) => [name, gradients])),
    reaches: Object.fromEntries(entries.map(([name, { reached }]) => [name, reached])),
  };
}

/** Logits and what else the losses ask a network for. */
export function runNetwork(network: Network, inputs: tf.Tensor, taps: readonly string[], options: CallOptions): { logits: tf.Tensor; taps: Taps } {
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
