import { defineLoss, TemperError, tf, type Loss, type LossContext, type Variables } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { meanSquaredError } from './support/squared-error.js';
import { flattened, tapOptions, tapped, toSameSize } from './support/taps.js';
import type { Sides } from './support/temperature.js';

/**
 * FitNets hints, regression of one hidden layer of the student to one of the teacher: L = mean of (r(h_s) − h_t)²,
 * where r is the identity for layers of one width, else a learned linear map of the last axis (a 1×1 convolution on
 * feature maps).
 *
 * Takes the taps `student` and `teacher`, `[batch, ..., width]`; gives one value per sample. Feature maps of different height and width are
 * averaged to the smaller size. The map is trained with the student and discarded at the end of the stage.
 *
 * Source: 1412.6550, which uses half the squared norm and a convolution that adapts the size of the maps. Here, as in RepDistiller, it is
 * the mean over features, so that one weight fits layers of any size.
 * @throws TemperError if a network has no output of its layer, or if the sizes do not fit.
 * @example losses: { hint: { type: 'fitnets', student: 'block2', teacher: 'block4' }, … }
 */
export const fitnets = defineLoss({
  type: 'fitnets',
  options: z.strictObject(tapOptions),
  create: (names): Loss =>
    createLoss(
      [],
      (x) => {
        const hints = tapped(x, names);
        const { student, teacher } = toSameSize({ student: project(hints, x.variables), teacher: hints.teacher });
        return meanSquaredError(flattened(student, x.student), flattened(teacher, x.student));
      },
      {
        needs: ['teacher'],
        taps: { student: [names.student], teacher: [names.teacher] },
        variables: (context) => projection(names, context),
      },
    ),
});

type Names = z.output<z.ZodObject<typeof tapOptions>>;

const widthOf = (shape: readonly number[] | undefined): number | undefined => shape?.[shape.length - 1];

/** A linear map with Glorot's uniform weights where the widths differ. */
function projection(names: Names, { tapShapes, random }: LossContext): Variables {
  const [from, to] = [widthOf(tapShapes.student[names.student]), widthOf(tapShapes.teacher[names.teacher])];
  if (from === undefined || to === undefined || from === to) return {};
  const stream = random.stream(`fitnets/${names.student}/${names.teacher}`);
  const limit = Math.sqrt(6 / (from + to));
  const weights = Float32Array.from({ length: from * to }, () => (2 * stream.next() - 1) * limit);
  return tf.tidy(() => ({ projection: tf.variable(tf.tensor2d(weights, [from, to])), bias: tf.variable(tf.zeros([to])) }));
}

function project({ student: hint, teacher }: Sides, { projection: weights, bias }: Variables = {}): tf.Tensor {
  const [from, to] = [hint, teacher].map(({ shape }) => widthOf(shape)) as [number, number];
  if (from === to) return hint;
  if (weights === undefined || bias === undefined) {
    throw new TemperError({
      code: 'model/invalid',
      message: `the student's layer has the width ${from}, the teacher's ${to}, and the learned map between them is missing`,
      hint: 'In your own training loop, create it with loss.variables(context), train it with the student, and pass it in variables.',
    });
  }
  const projected = tf.add(tf.matMul(tf.reshape(hint, [-1, from]), weights as tf.Tensor as tf.Tensor2D), bias);
  return tf.reshape(projected, [...hint.shape.slice(0, -1), to]);
}
