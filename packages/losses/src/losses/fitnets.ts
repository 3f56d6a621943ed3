import { defineLoss } from '@temper/core';
import { z } from 'zod';
import { layerLoss } from './support/layer-loss.js';
import { layerOptions } from './support/layer-options.js';
import { meanSquaredError } from './support/squared-error.js';
import { flattened, toSameSize } from './support/taps.js';

/**
 * FitNets hints, regression of hidden layers of the student to layers of the teacher: L = Σ over pairs of weight · mean of (r(h_s) − h_t)²,
 * where r is the identity for layers of one width, else a learned linear map of the last axis (a 1×1 convolution on
 * feature maps).
 *
 * Takes the layers that `student` and `teacher`, or `layers`, name, `[batch, ..., width]`; gives one value per sample. Feature maps of
 * different height and width are averaged to the smaller size. The map is trained with the student and discarded at the end of the stage.
 *
 * Source: 1412.6550, which uses half the squared norm and a convolution that adapts the size of the maps. Here, as in RepDistiller, it is
 * the mean over features, so that one weight fits layers of any size.
 * @throws TemperError if a network has no output of its layer, or if the sizes do not fit.
 * @example losses: { hint: { type: 'fitnets', layers: [['block2', 'block4']] }, … }
 */
export const fitnets = defineLoss({
  type: 'fitnets',
  options: (ref) => z.strictObject(layerOptions(ref)),
  create: (options) =>
    layerLoss(options, {
      type: 'fitnets',
      fit: 'positions',
      projects: true,
      value(layers, x) {
        const { student, teacher } = toSameSize(layers);
        return meanSquaredError(flattened(student, x.student), flattened(teacher, x.student));
      },
    }),
});
