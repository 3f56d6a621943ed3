/**
 * How many values a tensor of a shape has: the product of its sizes, 1 for a shape without sizes. Loads no tfjs.
 * @param shape Sizes of the axes.
 * @example sizeOf([28, 28, 3]) // 2352
 */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
