import { arrayDataSet, createRandom, defineData, type DataSet, type Random } from '@temper/core';
import { z } from 'zod';
import { side } from './drawing/canvas.js';
import { draw } from './drawing/draw.js';

const size = z.int().min(1).max(1_000_000);

const classNames = Array.from({ length: 10 }, (_, digit) => String(digit));

/** The digit that each digit is most easily confused with. */
const lookAlike = [6, 7, 7, 5, 9, 3, 0, 1, 3, 4] as const;

/**
 * Handwritten digits that Temper draws itself, without a download: 28×28 grey, inputs
 * `[28, 28, 1]` from 0 (paper) to 1 (ink), 10 classes in equal shares.
 *
 * Samples differ in style, slant, size, pen and ink; the paper has grain, stray lines, erased places and neighbouring digits. `difficulty`
 * scales all of that: 0 is tidy handwriting on clean paper. As in data labelled by hand, a share `mislabelled` of the training labels is
 * wrong and names a similar digit; validation and test labels are all correct. A small student that is trained on hard labels alone learns
 * the wrong labels too; a teacher's soft targets reduce their effect.
 *
 * Sample i of a part depends on (seed, part, i) alone: a larger number of samples does not change the earlier ones. The bytes are the same
 * on every machine, since drawing uses only operations that IEEE 754 defines to the last bit.
 * @example digits({ seed: 1 })() // { train: 5000 samples, validation: 1000, test: 2000 }
 */
export const digits = defineData({
  type: 'digits',
  options: z.strictObject({
    seed: z.int().min(0).default(1).describe('Seed of all drawings.'),
    train: size.default(5000).describe('Number of training samples.'),
    validation: size.default(1000).describe('Number of validation samples.'),
    test: size.default(2000).describe('Number of test samples.'),
    difficulty: z.number().min(0).max(2).default(1).describe('0: tidy handwriting on clean paper; 1: ordinary handwriting; 2: a scrawl.'),
    mislabelled: z.number().min(0).max(0.5).default(0.15).describe('Share of the training labels that are wrong.'),
  }),
  create: ({ seed, train, validation, test, difficulty, mislabelled }) => {
    const random = createRandom(seed);
    return () => ({
      train: drawAll('train', train, random, difficulty, mislabelled),
      validation: drawAll('validation', validation, random, difficulty, 0),
      test: drawAll('test', test, random, difficulty, 0),
    });
  },
});

function drawAll(part: string, count: number, random: Random, difficulty: number, mislabelled: number): DataSet {
  const inputs = new Uint8Array(count * side * side);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const digit = i % 10;
    inputs.set(draw(digit, difficulty, random.stream(`digits/${part}`, i)), i * side * side);
    // A stream of its own, so that other mistakes leave the drawings as they are.
    const isWrong = random.stream(`digits/${part}/label`, i).next() < mislabelled;
    labels[i] = isWrong ? (lookAlike[digit] as number) : digit;
  }
  return arrayDataSet({ inputs, labels, inputShape: [side, side, 1], classes: 10, classNames, scale: 1 / 255, source: `digits/${part}` });
}
