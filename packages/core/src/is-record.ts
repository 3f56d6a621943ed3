import { limits } from './limits.js';

/** Returns whether a value has members with names; a list counts as well, since its members are checked one by one. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/**
 * Returns whether a value is a list of at most `most` members without holes: `new Array(4e9)` has no members, and takes minutes to
 * iterate.
 */
export const isList = (value: unknown, most: number = limits.values): value is readonly unknown[] =>
  Array.isArray(value) && value.length <= most && Object.keys(value).length >= value.length;
