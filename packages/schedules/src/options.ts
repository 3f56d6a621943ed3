import { z } from 'zod';

// Numbers of the host side reach the graph as float32, in which larger values are infinite.
export const largest = 3.4e38;

/** A value that a schedule takes: any finite number that float32 can hold. */
export const value = z.number().min(-largest).max(largest);

/** A value that has to be positive. */
export const positive = z.number().positive().max(largest);

/** The smallest temperature that may be asked for where a graph divides by it. */
export const smallest = 1e-3;

/** A temperature that the graph can divide by: not so near to 0 or so large that float32 loses it. */
export const temperature = z.number().min(smallest).max(1e6);

/** The smallest value of adaptive temperatures: nearer to 0 a softmax is a hard maximum, and float32 overflows. */
export const lowest = 0.05;
