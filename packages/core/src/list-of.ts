import { z } from 'zod';
import { isList } from './is-record.js';

/** A list in what a program hands over, of at least `least` members: its length is looked at before its members are. */
export const listOf = <T extends z.ZodType>(item: T, least = 0) =>
  z.custom<unknown>((value) => isList(value), 'must be a list').pipe(z.array(item).min(least));
