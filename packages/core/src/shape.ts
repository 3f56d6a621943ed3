/**
 * Returns the number of values of a tensor: the product of the sizes of its axes, 1 for a shape without axes. Loads no tfjs.
 * @param shape Sizes of the axes.
 * @example sizeOf([28, 28, 3]) // 2352
 */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
