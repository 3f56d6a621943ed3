import { defineLoss, type Loss } from '@temper/core';
import { z } from 'zod';
import { createLoss } from './support/create-loss.js';
import { project, projection } from './support/projection.js';
import { meanSquaredError } from './support/squared-error.js';
import { flattened, tapOptions, tapped, toSameSize } from './support/taps.js';

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
        variables: (context) => projection('fitnets', names, context),
      },
    ),
});
