import { defineLoss, scheduleWithin, tf, type Schedule } from '@temper/core';
import { z } from 'zod';
import { divergence } from './support/divergence.js';
import { layerLoss } from './support/layer-loss.js';
import { layerOptions } from './support/layer-options.js';
import { scheduledValue } from './support/scheduled.js';
import { soften } from './support/soft-loss.js';
import { checkPositions, toSameSize } from './support/taps.js';

/**
 * Channel-wise distillation of feature maps, with a temperature for this pair of layers: L = T² · mean over channels of
 * KL(softmax(h_t/T) ‖ softmax(h_s/T)), where the softmax of a channel is over its positions. With `over: 'channels'` the softmax is over
 * the channels of each position, and the mean over positions; this also suits layers without positions.
 *
 * Takes the layers that `student` and `teacher`, or `layers`, name, `[batch, …, channels]`; gives one value per sample, 0 for identical
 * layers: the sum over pairs of weight · L. Where the widths
 * differ, the student's layer is mapped by a learned linear map as in `fitnets`; maps of different height and width are averaged to the
 * smaller size. `temperature` is a schedule of its own, 1 by default: several losses of this type have each their own.
 *
 * Source: 2011.13256, with the factor T² of the paper. The stage's temperature is not used.
 * @throws TemperError if a network has no output of its layer, if the sizes do not fit, and for one position where these are compared.
 * @example losses: { maps: { type: 'channel-wise', student: 'block2', teacher: 'block4', temperature: 4 }, … }
 */
export const channelWise = defineLoss({
  type: 'channel-wise',
  options: (ref) =>
    z.strictObject({
      ...layerOptions(ref),
      over: z.enum(['positions', 'channels']).default('positions').describe('what each softmax is over'),
      temperature: ref.schedule.optional().describe('temperature of the pairs of layers; default 1'),
    }),
  create: ({ over, temperature = one, ...options }) => {
    const schedule = scheduleWithin(temperature, { path: 'temperature', min: lowest });
    return layerLoss(options, {
      type: 'channel-wise',
      fit: over === 'positions' ? 'maps' : 'positions',
      projects: true,
      schedules: { temperature: schedule },
      value(layers, x) {
        const own = scheduledValue(x, 'temperature', schedule);
        const T = typeof own === 'number' ? tf.scalar(own) : own;
        const maps = toSameSize(layers);
        const samples = x.student.shape.slice(0, -1);
        if (over === 'positions') checkPositions(maps, samples.length, 'Choose feature maps, or over: "channels".');
        const [student, teacher] = [maps.student, maps.teacher].map((map) => rowsOf(map, samples.length, over)) as [tf.Tensor, tf.Tensor];
        const values = tf.mean(divergence(soften({ student, teacher }, { student: T, teacher: T })), -1);
        return tf.reshape(tf.mul(values, tf.square(T)), samples);
      },
    });
  },
});

const one: Schedule = () => 1;
const lowest = 0.05;

/** Rows that a softmax is taken of, `[samples, rows, entries]`, from `[…samples, …positions, channels]`. */
function rowsOf(map: tf.Tensor, samples: number, over: 'positions' | 'channels'): tf.Tensor {
  const channels = map.shape[map.rank - 1] as number;
  const number = map.shape.slice(0, samples).reduce((product, size) => product * size, 1);
  const positions = tf.reshape(map, [number, -1, channels]);
  return over === 'channels' ? positions : tf.transpose(positions, [0, 2, 1]);
}
