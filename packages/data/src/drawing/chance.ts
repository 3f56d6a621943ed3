import type { RandomStream } from '@temper/core';

/** Uniform between two numbers. */
export const between = (stream: RandomStream, low: number, high: number): number => low + (high - low) * stream.next();

/**
 * A bell curve around 0 with standard deviation `sd`, never beyond 3.5 of it: the sum of four uniform numbers. Unlike
 * a normal distribution it needs no logarithm and no cosine, whose last bits differ between JavaScript engines.
 */
export function bell(stream: RandomStream, sd: number): number {
  return (stream.next() + stream.next() + stream.next() + stream.next() - 2) * sd * Math.sqrt(3);
}
