import { tf, type Variables } from '@temper/core';
import { linearMap, mapped, numbered, widthOf, type Learned } from './projection.js';
import { lengths } from './rows.js';
import type { Sides } from './temperature.js';

type Side = 'student' | 'teacher';
const sides: readonly Side[] = ['student', 'teacher'];
const namesOf = (side: Side, pair: number): [weights: string, bias: string] => [
  numbered(`${side}_head`, pair),
  numbered(`${side}_bias`, pair),
];

/** A learned linear map of each side to vectors of one length. */
export const heads = (dimension: number): Learned => ({
  names: (pair) => sides.flatMap((side) => namesOf(side, pair)),
  create: (owner, layers, pair, { tapShapes, random }) =>
    Object.assign(
      {},
      ...sides.map((side) => {
        const width = widthOf(tapShapes[side][layers[side]]);
        const key = `${owner}/${side}/${layers.student}/${layers.teacher}`;
        return width === undefined ? {} : linearMap(random, key, [width, dimension], namesOf(side, pair));
      }),
    ) as Variables,
});

/**
 * Maps layers `[…samples, …positions, width]` to unit vectors `[samples, dimension]`; positions are averaged first.
 * @param rank The number of dimensions of samples.
 * @throws TemperError where a learned map is missing.
 */
export function embedded(layers: Sides, pair: number, rank: number, variables: Variables = {}): Sides {
  const of = (side: Side): tf.Tensor => {
    const layer = layers[side];
    const samples = layer.shape.slice(0, rank).reduce((product, size) => product * size, 1);
    const positions = tf.reshape(layer, [samples, -1, layer.shape[layer.rank - 1] as number]);
    const vectors = mapped(tf.mean(positions, 1), namesOf(side, pair), variables, `the learned map of the ${side}'s layer is missing`);
    return tf.mul(vectors, lengths(tf.sum(tf.square(vectors), 1, true), 1e-24).inverse);
  };
  return { student: of('student'), teacher: of('teacher') };
}
