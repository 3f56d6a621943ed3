import * as tf from '@tensorflow/tfjs-core';
import type { Loss, LossInputs } from '../../contracts/loss.js';
import type { Penalty } from '../../contracts/network.js';
import type { ScalarTensors, Temperature } from '../../contracts/schedule.js';
import type { WeightingInputs } from '../../contracts/weighting.js';
import { meanOverCounted } from '../../counted.js';
import { TemperError } from '../../errors.js';
import { regularizationTerm } from '../../metrics/names.js';
import { named } from '../../kit/blame.js';
import { fitTemperature } from '../../temperature-shape.js';
import { gradientAtLogits } from './gradients.js';
import { partOf } from './part-of-update.js';
import type { Inputs, Outputs, TermParts, Terms } from './parts.js';
import { entriesOf, nest } from './scope.js';

/**
 * Computes the weighted loss terms of a batch and their sum. For one of several micro-batches (inputs `share.1`, …) every number is that
 * micro-batch's part: summed over the micro-batches, numbers and gradients equal those of the update.
 */
export function weighedTerms(parts: TermParts, inputs: Inputs, outputs: Outputs): Terms {
  const { losses, weighting, learned } = parts;
  const { temperature, numbers: temperatureNumbers } = temperatureOf(parts, inputs, outputs);
  const { mask } = inputs;
  const labels = inputs['labels'] as tf.Tensor;
  const names = Object.keys(losses);
  const evaluate = (name: string, student: tf.Tensor): tf.Tensor =>
    named(['losses', name], () => (losses[name] as Loss)(lossInputs(parts, inputs, { ...outputs, student }, temperature, name)));
  const measuredBy = (name: string): Record<string, tf.Tensor> =>
    nest(
      `losses.${name}.measured`,
      named(['losses', name], () => (losses[name] as Loss).measure?.(lossInputs(parts, inputs, outputs, temperature, name)) ?? {}),
    );
  const values = Object.fromEntries(names.map((name) => [name, evaluate(name, outputs.student)]));
  const means = Object.fromEntries(names.map((name) => [name, meanOverCounted(values[name] as tf.Tensor, mask)]));
  const context: WeightingInputs = {
    scalars: entriesOf('weighting', inputs) as ScalarTensors,
    losses: means,
    values,
    student: outputs.student,
    ...(outputs.teacher === undefined ? {} : { teacher: outputs.teacher }),
    labels,
    ...(mask === undefined ? {} : { mask }),
    variables: learned.weighting,
    ...(parts.graphKeys.weighting === undefined ? {} : { graphKey: parts.graphKeys.weighting }),
    gradientOf: (name) => gradientAtLogits(name, (student) => meanOverCounted(evaluate(name, student), mask), outputs.student),
  };
  const weights: Readonly<Record<string, tf.Tensor>> = named(['weighting'], () => weighting.weights?.(context) ?? context.scalars);
  const part = partOf(inputs, labels.rank);
  const mapped = (terms: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> =>
    Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, part(term, values[name]?.rank)]));
  const weighted = mapped(
    Object.fromEntries(names.map((name) => [name, weigh(name, weights[name], values[name] as tf.Tensor, means[name] as tf.Tensor, mask)])),
  );
  const penalty = optional(
    named(['weighting'], () => weighting.penalty?.(context)),
    part,
  );
  const regularization = optional(regularizationOf(parts.penalties), part);
  const all = [
    ...Object.values(weighted),
    ...(penalty === undefined ? [] : [penalty]),
    ...(regularization === undefined ? [] : [regularization]),
  ];
  const total = all.reduce((sum, term) => tf.add(sum, term));
  const measured = {
    ...temperatureNumbers,
    ...(weighting.weights === undefined
      ? {}
      : nest('weight', Object.fromEntries(names.map((name) => [name, meanOverCounted(weights[name] as tf.Tensor, mask)])))),
    ...(Object.assign({}, ...names.map(measuredBy)) as Record<string, tf.Tensor>),
    ...nest(
      'weighting.measured',
      named(['weighting'], () => weighting.measure?.(context) ?? {}),
    ),
  };
  return {
    total,
    weighted,
    penalty,
    regularization,
    ofBatch: names.filter((name) => values[name]?.rank === 0),
    numbers: {
      loss: total,
      ...nest('loss', mapped(means)),
      ...(regularization === undefined ? {} : { [`loss.${regularizationTerm}`]: regularization }),
      ...Object.fromEntries(Object.entries(measured).map(([name, mean]) => [name, part(mean)])),
    },
  };
}

const optional = (term: tf.Tensor | undefined, change: (term: tf.Tensor) => tf.Tensor): tf.Tensor | undefined =>
  term === undefined ? undefined : change(term);

const regularizationOf = (penalties: readonly Penalty[]): tf.Tensor | undefined =>
  penalties.length === 0 ? undefined : penalties.map(({ value }): tf.Tensor => value()).reduce((sum, one) => tf.add(sum, one));

function temperatureOf(
  parts: TermParts,
  inputs: Inputs,
  { student, teacher }: Outputs,
): { temperature: Temperature; numbers: Record<string, tf.Tensor> } {
  const { temperature: schedule, learned, graphKeys } = parts;
  const scalars = entriesOf('temperature', inputs) as ScalarTensors;
  if (schedule.temperature === undefined && schedule.measure === undefined)
    return { temperature: scalars['value'] as tf.Scalar, numbers: {} };
  if (teacher === undefined) {
    throw new TemperError({
      code: 'config/invalid',
      path: 'temperature',
      message: 'adapts to the teacher, and the run has none',
      hint: 'Add a teacher, or use a plain schedule.',
    });
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
  return named(['temperature'], () => {
    const made = schedule.temperature?.(x);
    const temperature = made === undefined ? (scalars['value'] as tf.Scalar) : fitTemperature(made, student);
    const sides =
      temperature instanceof tf.Tensor
        ? { temperature }
        : { 'temperature.student': temperature.student, 'temperature.teacher': temperature.teacher };
    const means = Object.fromEntries(Object.entries(sides).map(([name, side]) => [name, meanOverCounted(side, inputs['mask'])]));
    return { temperature, numbers: { ...means, ...nest('temperature.measured', schedule.measure?.({ ...x, temperature }) ?? {}) } };
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
    scalars: entriesOf(`losses.${name}`, inputs) as ScalarTensors,
    ...(parts.initialTemperature === undefined ? {} : { initialTemperature: parts.initialTemperature }),
    variables: parts.learned.losses[name] ?? {},
    taps: outputs.taps,
  };
}

function weigh(name: string, weight: tf.Tensor | undefined, values: tf.Tensor, mean: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  if (weight === undefined)
    throw new TemperError({ code: 'plugin/invalid', path: 'weighting', message: `gives no weight to loss "${name}"` });
  if (weight.rank === 0) return tf.mul(weight, mean);
  if (values.rank === 0) {
    throw new TemperError({
      code: 'config/invalid',
      path: 'weighting',
      message: `has weights per sample, but loss "${name}" has a single value for the batch`,
    });
  }
  return meanOverCounted(tf.mul(values, weight), mask);
}
