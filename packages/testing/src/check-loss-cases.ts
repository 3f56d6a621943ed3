import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { createRandom, type Loss, type LossInputs, type Progress, sizeOf, stateOf, type Variables } from '@temper/core';
import { anyProgress } from './arbitraries.js';

/** Shapes of intermediate outputs by the name of their layer, without the batch. */
export type TapShapes = Readonly<Record<'student' | 'teacher', Readonly<Record<string, readonly number[]>>>>;

/** The values of one tensor as plain numbers. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** A case for a loss. `parts` contains everything for which it may have a gradient, and the teacher, by name. */
export interface LossCase {
  readonly parts: Readonly<Record<string, Numbers>>;
  readonly labels: Numbers;
  readonly mask?: Numbers;
  readonly at: Progress;
}

/** Also the number of places next to a point of the grid, one for each class. */
const mostClasses = 5;
const dimensions = (fewest: number) =>
  fc.record({ samples: fc.integer({ min: fewest, max: 4 }), classes: fc.integer({ min: 2, max: mostClasses }) });
const gentle = fc.integer({ min: -8, max: 8 });
/** The grid's unit is 1/2, so these are logits up to ±1e4. */
const extreme = fc.oneof(gentle, fc.constantFrom(-20_000, 0, 20_000));

/**
 * Random cases. Numbers of the teacher lie on a grid, the student's beside it and apart from each other, so that a
 * small step crosses no tie: there, losses with absolute values or maxima have no derivative.
 * @param perClass True for a temperature with a value for each class, the same for all samples or not.
 */
export function anyLossCase(
  taps: TapShapes,
  temperature: fc.Arbitrary<number>,
  {
    wild = false,
    perClass = false,
    fewestSamples = 1,
  }: { readonly wild?: boolean; readonly perClass?: boolean; readonly fewestSamples?: number } = {},
): fc.Arbitrary<LossCase> {
  const one = wild ? extreme : gentle;
  return dimensions(fewestSamples).chain(({ samples, classes }) => {
    const filled = (shape: readonly number[], value: (grid: number, index: number) => number): fc.Arbitrary<Numbers> => {
      const length = sizeOf(shape);
      return fc.array(one, { minLength: length, maxLength: length }).map((grid) => ({ shape, values: grid.map(value) }));
    };
    const ofTeacher = (shape: readonly number[]) => filled(shape, (grid) => grid / 2);
    const ofStudent = (shape: readonly number[]) => filled(shape, (grid, index) => grid / 2 + 0.05 + 0.09 * (index % mostClasses));
    const tapped = (side: 'student' | 'teacher') =>
      Object.entries(taps[side]).map(
        ([name, shape]) => [tapName(side, name), (side === 'student' ? ofStudent : ofTeacher)([samples, ...shape])] as const,
      );
    return fc.record({
      parts: fc.record({
        student: ofStudent([samples, classes]),
        teacher: ofTeacher([samples, classes]),
        temperature: perClass ? perClassOf(temperature, samples, classes) : temperature.map((value) => ({ shape: [], values: [value] })),
        ...Object.fromEntries([...tapped('student'), ...tapped('teacher')]),
      }),
      labels: fc
        .array(fc.nat({ max: classes - 1 }), { minLength: samples, maxLength: samples })
        .map((values) => ({ shape: [samples], values })),
      at: anyProgress(),
    });
  });
}

const perClassOf = (temperature: fc.Arbitrary<number>, samples: number, classes: number): fc.Arbitrary<Numbers> =>
  fc
    .constantFrom([1, classes], [samples, classes])
    .chain((shape) => fc.array(temperature, { minLength: sizeOf(shape), maxLength: sizeOf(shape) }).map((values) => ({ shape, values })));

export const tapName = (side: 'student' | 'teacher', layer: string): string => `taps.${side}.${layer}`;

/** Returns the loss's own variables with their first values, as parts. */
export function variableParts(loss: Loss, { parts }: LossCase, tapShapes: TapShapes): LossCase['parts'] {
  const classes = (parts['student'] as Numbers).shape.at(-1) as number;
  const variables = loss.variables?.({ classes, losses: ['loss'], random: createRandom(0), tapShapes }) ?? {};
  const made = Object.entries(variables).map(
    ([name, variable]) => [`variables.${name}`, { shape: variable.shape, values: Array.from(variable.dataSync()) }] as const,
  );
  tf.dispose(variables);
  return Object.fromEntries(made);
}

export const tensorOf = ({ shape, values }: Numbers, dtype: 'float32' | 'int32' = 'float32'): tf.Tensor =>
  tf.tensor(values, [...shape], dtype);

/** Returns a case as inputs of its loss; `given` are its parts as tensors. The caller's tidy disposes them. */
export function inputsOf(loss: Loss, { labels, mask, at }: LossCase, given: Readonly<Record<string, tf.Tensor>>): LossInputs {
  const under = (prefix: string): Record<string, tf.Tensor> =>
    Object.fromEntries(
      Object.entries(given).flatMap(([name, tensor]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [])),
    );
  return {
    student: given['student'] as tf.Tensor,
    teacher: given['teacher'] as tf.Tensor,
    temperature: given['temperature'] as tf.Tensor,
    labels: tensorOf(labels, 'int32'),
    ...(mask === undefined ? {} : { mask: tensorOf(mask) }),
    initialTemperature: 4,
    scalars: Object.fromEntries(Object.entries(loss.scalars?.(at, stateOf(loss)) ?? {}).map(([name, value]) => [name, tf.scalar(value)])),
    variables: under('variables.') as Variables,
    taps: { student: under('taps.student.'), teacher: under('taps.teacher.') },
  };
}

export const tensorsOf = ({ parts }: LossCase): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(parts).map(([name, numbers]) => [name, tensorOf(numbers)]));

export const sizesIn = ({ parts }: LossCase): { samples: number; classes: number } => {
  const [samples, classes] = (parts['student'] as Numbers).shape as [number, number];
  return { samples, classes };
};

export const changed = (one: LossCase, parts: Readonly<Record<string, Numbers>>, more: Partial<LossCase> = {}): LossCase => ({
  ...one,
  ...more,
  parts: { ...one.parts, ...parts },
});
