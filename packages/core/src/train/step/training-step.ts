import * as tf from '@tensorflow/tfjs-core';
import type { StepDefinition } from '../../contracts/engine.js';
import type { Taps } from '../../contracts/network.js';
import { regularizationTerm } from '../../metrics/names.js';
import { named } from '../../kit/blame.js';
import { finiteProbe } from './finite-probe.js';
import { clipTogether, gradientsOf, gradientsPerLoss } from './gradients.js';
import { averageKept, follow } from './moving-average.js';
import type { Inputs, Outputs, StepParts, Streams, Terms } from './parts.js';
import { pick } from './pick.js';
import { runNetwork, tapsOf } from './run-networks.js';
import { weighedTerms } from './terms.js';

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
 * @param role `whole`: the batch makes an update. Where several micro-batches do, each but the last is `part`, whose gradients are
 * added up (they are its part of the update's, by the scalars `share.1`, …), and the last is `last`: clipping, the optimizer and
 * the average of the weights see the sum alone.
 */
export function trainingStep(parts: StepParts, role: 'whole' | 'part' | 'last' = 'whole'): TrainingStep {
  let names: readonly string[] = [];
  const { student, teacher, optimizer, variables, average, samples = {}, sums = {} } = parts;
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
    const own =
      optimizer.applyPerLoss === undefined
        ? { gradients: { [total]: gradientsOf(() => terms().total, variables).gradients }, reaches: {} }
        : gradientsPerLoss(terms, streamsOf(parts), variables, student.buffers);
    const added = role === 'whole' ? own.gradients : plus(own.gradients, sums);
    if (role === 'part') forEachSum(sums, (sum, stream, i) => sum.assign(added[stream]?.[i] as tf.Tensor));
    else {
      if (role === 'last') forEachSum(sums, (sum) => sum.assign(tf.zerosLike(sum)));
      const clipped = clipTogether(added, parts.clipNorm);
      const learningRate = inputs['learningRate'] as tf.Scalar;
      named('optimizer', () => {
        if (optimizer.applyPerLoss === undefined) optimizer.apply(clipped[total] as readonly tf.Tensor[], learningRate);
        else optimizer.applyPerLoss(clipped, learningRate, own.reaches);
      });
      if (average !== undefined) follow(average, student.parameters, inputs[averageKept] as tf.Scalar);
    }
    return { numbers: numbers as unknown as tf.Tensor };
  };
  const definition: StepDefinition = {
    name: parts.name,
    state: [
      ...new Set([
        ...student.parameters,
        ...variables,
        ...student.buffers,
        ...Object.values(optimizer.variables),
        ...(average?.shadows ?? []),
        ...Object.values(sums).flat(),
      ]),
    ],
    frozen: [
      ...Object.values(samples),
      ...(teacher === undefined ? [] : [...teacher.parameters, ...teacher.buffers, ...(teacher.constants ?? [])]),
    ],
    body,
  };
  const gradientProbes = (given: Inputs): Record<string, tf.Scalar> => {
    const inputs = { ...given, ...pick(samples, given['places'] as tf.Tensor1D) };
    const known = teacherOutputs(parts, inputs);
    const terms = (): Record<string, tf.Tensor> => {
      const { weighted, penalty, regularization } = weighedTerms(parts, inputs, runStudent(parts, inputs, known));
      return {
        ...weighted,
        ...(penalty === undefined ? {} : { penalty }),
        ...(regularization === undefined ? {} : { [regularizationTerm]: regularization }),
      };
    };
    const probe = (name: string): tf.Scalar => finiteProbe(gradientsOf(() => terms()[name] as tf.Tensor, variables).gradients);
    return Object.fromEntries(Object.keys(terms()).map((name) => [name, probe(name)]));
  };
  return { definition, numberNames: () => names, gradientProbes };
}

const total = 'total';

/** What an optimizer wants the gradients of: the total, or each loss (and the penalties of the layers) apart. */
export const streamsOf = ({ optimizer, losses, penalties }: Pick<StepParts, 'optimizer' | 'losses' | 'penalties'>): readonly string[] =>
  optimizer.applyPerLoss === undefined ? [total] : [...Object.keys(losses), ...(penalties.length === 0 ? [] : [regularizationTerm])];

/** Gradients with what earlier micro-batches of the update have added up. */
const plus = (gradients: Streams, sums: Streams): Streams =>
  Object.fromEntries(
    Object.entries(gradients).map(([stream, own]) => [stream, own.map((gradient, i) => tf.add(sums[stream]?.[i] as tf.Tensor, gradient))]),
  );

const forEachSum = (sums: NonNullable<StepParts['sums']>, change: (sum: tf.Variable, stream: string, index: number) => void): void =>
  Object.entries(sums).forEach(([stream, list]) => list.forEach((sum, i) => change(sum, stream, i)));

function teacherOutputs({ teacher, losses }: StepParts, inputs: Inputs): { logits: tf.Tensor | undefined; taps: Taps } {
  if (teacher === undefined) return { logits: inputs['teacher'], taps: {} };
  return named('teacher', () => runNetwork(teacher, inputs['inputs'] as tf.Tensor, tapsOf(losses, 'teacher'), { training: false }));
}

function runStudent({ student, losses, still }: StepParts, inputs: Inputs, known: { logits: tf.Tensor | undefined; taps: Taps }): Outputs {
  const seed = inputs['seed'] as tf.Tensor1D | undefined;
  const options = { training: true, ...(seed === undefined ? {} : { seed }), ...(still.size === 0 ? {} : { still }) };
  const { logits, taps } = named('student', () => runNetwork(student, inputs['inputs'] as tf.Tensor, tapsOf(losses, 'student'), options));
  return { student: logits, teacher: known.logits, taps: { student: taps, teacher: known.taps } };
}
