import { z } from 'zod';
import type { DataSet, Preparation } from '../contracts/data.js';
import { TemperError } from '../errors.js';
import { listOf } from '../list-of.js';
import { sizeOf } from '../shape.js';

const finite = z.number();
const rounding = z.number().min(0).optional();

/** The schema of a preparation in a file. */
export const preparationSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('scale'), factor: finite.refine((factor) => factor !== 0, 'must not be 0') }),
  z
    .strictObject({ type: z.literal('standardise'), mean: listOf(finite, 1), deviation: listOf(z.number().gt(0), 1), rounding })
    .refine(({ mean, deviation }) => mean.length === deviation.length, 'must have as many deviations as means'),
  z.strictObject({ type: z.literal('vocabulary'), characters: listOf(z.string().min(1), 1) }),
]);

/**
 * Checks the properties of a data set: the number of names, and a preparation that fits the shape.
 * @throws TemperError `data/invalid` with the path of the first fault.
 */
export function checkFacts({ inputShape, classes, preparation, classNames, inputNames }: Omit<DataSet, 'batch' | 'size'>, at = ''): void {
  const width = sizeOf(inputShape);
  const refuse = (name: string, message: string): never => {
    throw new TemperError({ code: 'data/invalid', path: `${at}${name}`, message });
  };
  for (const [name, names, count, what] of [
    ['classNames', classNames, classes, 'classes'],
    ['inputNames', inputNames, width, 'numbers of a sample'],
  ] as const) {
    if (names === undefined) continue;
    if (names.length !== count) refuse(name, `must name the ${count} ${what}, got ${names.length} names`);
    const seen = new Set<string>();
    const twice = names.find((one) => seen.size === seen.add(one).size);
    if (twice !== undefined) refuse(name, `must differ from each other, got ${JSON.stringify(twice)} twice`);
  }
  if (preparation === undefined) return;
  const parsed = preparationSchema.safeParse(preparation);
  if (!parsed.success)
    refuse('preparation', `is not a preparation that Temper knows: ` + `${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
  const columns = preparation.type === 'standardise' ? preparation.mean.length : width;
  if (columns !== width) refuse('preparation.mean', `must have ${width} numbers, one for each number of a sample, got ${columns}`);
}

/** The largest allowed rounding error of a prepared input that the network prepares itself. */
const tolerated = 2 ** -15;

/** Returns whether a deviation is so near the limits of float32 that its inverse, or numbers near it, lose accuracy. */
export const isExtreme = (deviation: number): boolean => deviation < 2 ** -100 || deviation > 2 ** 100;

/**
 * Returns whether a network for raw float32 inputs can prepare them itself. Rounding a raw value to float32 changes it by up to |mean| ·
 * 2⁻²⁴; where that is more than 2⁻¹⁵ of a deviation (time stamps), inputs must be prepared in float64, outside of the network. The same
 * holds for numbers near the limits of float32.
 */
export function fitsNetwork(preparation: Preparation): boolean {
  if (preparation.type !== 'standardise') return preparation.type === 'none' || preparation.type === 'scale';
  const { mean, deviation, rounding: measured } = preparation;
  if (deviation.some(isExtreme)) return false;
  return (measured ?? Math.max(...mean.map((one, i) => (Math.abs(one) * 2 ** -24) / (deviation[i] as number)))) <= tolerated;
}
