import { TemperError, unknownName, type LayerOutput, type LossNetworks, type Path } from '@temper/core';
import type { Names } from './match-layers.js';

type Shape = readonly (number | null)[];

/**
 * The part of two shapes that must agree: positions (all sizes but the last), or nothing. `maps` have positions that are compared, and more
 * than one.
 */
export type Fit = 'positions' | 'maps' | 'samples';

/** The path of a pair of layers in the options, and the paths of its names. */
export interface Place {
  readonly pair: Path;
  readonly layers: readonly [student: Path, teacher: Path];
}

/**
 * Checks the layers of a pair, as far as the networks list them.
 * @throws TemperError for a layer that does not exist, naming the nearest, and for shapes that do not fit, naming layers that do.
 */
export function checkLayers(names: Names, networks: LossNetworks, fit: Fit, place: Place): void {
  const [student, teacher] = (['student', 'teacher'] as const).map((side, i) =>
    find(names[i] as string, networks[side], side, place.layers[i as 0 | 1]),
  ) as [LayerOutput | undefined, LayerOutput | undefined];
  if (fit === 'samples' || student === undefined || teacher === undefined || fitsTo(student.shape, teacher.shape)) return;
  const suited = (networks.teacher ?? []).filter(({ shape }) => fitsTo(student.shape, shape)).map(({ name }) => name);
  throw new TemperError({
    code: 'model/invalid',
    path: place.pair,
    message:
      `the student's layer "${student.name}" gives ${show(student.shape)} for a sample, the teacher's "${teacher.name}" ` +
      `${show(teacher.shape)}; ${rule}`,
    hint:
      suited.length === 0
        ? `No layer of the teacher fits "${student.name}". Choose another layer of the student, or a loss of which sizes need not fit: ` +
          'rkd, similarity-preserving, pkt.'
        : `Layers of the teacher that fit "${student.name}": ${suited.slice(0, 6).join(', ')}.`,
  });
}

/** The rule about sizes, for messages. */
export const rule = 'height and width must be equal, or whole multiples';

function find(
  name: string,
  layers: readonly LayerOutput[] | undefined,
  side: string,
  path: readonly PropertyKey[],
): LayerOutput | undefined {
  const found = layers?.find((layer) => layer.name === name);
  if (layers === undefined || found !== undefined) return found;
  throw new TemperError({
    code: 'config/unknown-name',
    path,
    message: unknownName(
      `layer of the ${side}`,
      name,
      layers.map((layer) => layer.name),
    ),
  });
}

/** Returns whether two shapes agree up to their channels, or are maps of which one is averaged to the size of the other. */
function fitsTo(student: Shape, teacher: Shape): boolean {
  const [own, other] = [student.slice(0, -1), teacher.slice(0, -1)];
  if (own.length !== other.length) return false;
  if (own.every((size, i) => size === other[i] || size === null || other[i] === null)) return true;
  return own.length === 2 && (divides(own, other) || divides(other, own));
}

/** Returns whether every size of `large` is a whole multiple of that of `small`. */
export const divides = (small: Shape, large: Shape): boolean => large.every((size, i) => (size ?? 0) % (small[i] ?? 1) === 0);

const show = (shape: Shape): string => `[${shape.map((size) => size ?? 'any').join(', ')}]`;
