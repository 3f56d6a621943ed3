import * as tf from '@tensorflow/tfjs-core';
import type { StepDefinition } from '../../contracts/engine.js';
import type { OptimizerState, TransformState } from '../../contracts/optimizer.js';
import type { Taps } from '../../contracts/network.js';
import { regularizationTerm } from '../../metrics/names.js';
import { named } from '../../kit/blame.js';
import { finiteProbe } from './finite-probe.js';
import { behind, total } from '../../optimizers/chain.js';
import { clipNorm } from '../../optimizers/clip-norm.js';
import { accumulation } from './accumulation.js';
import { gradientsOf, gradientsPerLoss } from './gradients.js';
import { averageKept, averaging } from './moving-average.js';
import type { Inputs, Outputs, StepParts, Terms } from './parts.js';
import { pick } from './pick.js';
import { runNetwork, tapsOf } from './run-networks.js';
import { weighedTerms } from './terms.js';

/** A step for an engine; it returns `numbers`, one value for each of `numberNames()` (known after the first run). */
export interface TrainingStep {
  readonly definition: StepDefinition;
  numberNames(): readonly string[];
  /** Returns for each term of the loss 0 if its gradients are finite, else NaN. Changes no variable except running statistics. */
  gradientProbes(inputs: Inputs): Record<string, tf.Scalar>;
}

/**
 * Describes one update as tensor operations: networks → temperature → losses → weights → gradients → optimizer. Everything that differs
 * between updates is an input, so one recording serves all updates: `inputs`, `labels`, `teacher` and `mask`, or the `places` of the
 * batch among the samples; `seed`; and the scalars under prefixed names such as `temperature.value`.
 * @param role `whole`: the batch makes an update. If several micro-batches make an update, each except the last is a `part`, whose
 * gradients are only added up (scaled by the scalars `share.1`, …), and the last is `last`: the optimizer receives the sum.
 */
export function trainingStep(parts: StepParts, role: Role = 'whole'): TrainingStep {
  let names: readonly string[] = [];
  const { student, teacher, variables, samples = {} } = parts;
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
    const update = updateOf(parts, role, inputs);
    const learningRate = inputs['learningRate'] as tf.Scalar;
    if (update.applyPerLoss === undefined) {
      const { gradients } = gradientsOf(() => terms().total, variables);
      named(['optimizer'], () => update.apply(gradients, learningRate));
    } else {
      const { gradients, reaches } = gradientsPerLoss(terms, streamsOf(parts), variables, student.buffers);
      named(['optimizer'], () => update.applyPerLoss?.(gradients, learningRate, reaches));
    }
    return { numbers: numbers as unknown as tf.Tensor };
  };
  const definition: StepDefinition = {
    name: parts.name,
    state: [...new Set([...student.parameters, ...variables, ...student.buffers, ...Object.values(updateOf(parts, role, {}).variables)])],
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

type Role = 'whole' | 'part' | 'last';

/**
 * Composes the path of the gradients: micro-batches are added up, the sum is clipped and passed to the optimizer, and the average is
 * updated.
 */
function updateOf({ sums, average, student, clipNorm: limit, optimizer }: StepParts, role: Role, inputs: Inputs): OptimizerState {
  const links: TransformState[] = [];
  if (role !== 'whole') links.push(accumulation(sums ?? {}, role));
  if (average !== undefined) links.push(averaging(average, student.parameters, inputs[averageKept] as tf.Scalar));
  if (limit !== undefined) links.push(clipNorm(limit).init([]));
  return behind(links, optimizer);
}

/** Returns the gradients that an optimizer needs: of the total, or separately of each loss and of the layers' penalties. */
export const streamsOf = ({ optimizer, losses, penalties }: Pick<StepParts, 'optimizer' | 'losses' | 'penalties'>): readonly string[] =>
  optimizer.applyPerLoss === undefined ? [total] : [...Object.keys(losses), ...(penalties.length === 0 ? [] : [regularizationTerm])];

function teacherOutputs({ teacher, losses }: StepParts, inputs: Inputs): { logits: tf.Tensor | undefined; taps: Taps } {
  if (teacher === undefined) return { logits: inputs['teacher'], taps: {} };
  return named(['teacher'], () => runNetwork(teacher, inputs['inputs'] as tf.Tensor, tapsOf(losses, 'teacher'), { training: false }));
}

function runStudent({ student, losses, still }: StepParts, inputs: Inputs, known: { logits: tf.Tensor | undefined; taps: Taps }): Outputs {
  const seed = inputs['seed'] as tf.Tensor1D | undefined;
  const options = { training: true, ...(seed === undefined ? {} : { seed }), ...(still.size === 0 ? {} : { still }) };
  const { logits, taps } = named(['student'], () => runNetwork(student, inputs['inputs'] as tf.Tensor, tapsOf(losses, 'student'), options));
  return { student: logits, teacher: known.logits, taps: { student: taps, teacher: known.taps } };
}
