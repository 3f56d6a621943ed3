import { z } from 'zod';
import { isList } from './is-record.js';

/** The schema of a list from a program, with at least `least` members: its length is checked before its members. */
export const listOf = <T extends z.ZodType>(item: T, least = 0) =>
  z.custom<unknown>((value) => isList(value), 'must be a list').pipe(z.array(item).min(least));
