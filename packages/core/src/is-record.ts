import { limits } from './limits.js';

/** Whether a value has members that can be asked for by name; a list counts, for its members are checked one by one. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/**
 * Whether a value is a list of at most `most` members, all of them there: one made by `new Array(4e9)` has none, and takes minutes to go
 * through.
 */
export const isList = (value: unknown, most: number = limits.values): value is readonly unknown[] =>
  Array.isArray(value) && value.length <= most && Object.keys(value).length >= value.length;
