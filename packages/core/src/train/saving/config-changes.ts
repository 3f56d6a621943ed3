import type { Json } from '../../json.js';
import { formatPath } from '../../path.js';
import { show } from '../../kit/issues.js';

/** A difference between two configs. */
export interface ConfigChange {
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Lists the differences, each at its deepest path. */
export function configChanges(before: Json | undefined, after: Json | undefined, path: readonly PropertyKey[] = []): ConfigChange[] {
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => configChanges(at(before, key), at(after, key), [...path, Array.isArray(before) ? Number(key) : key]));
  }
  return before === after ? [] : [{ path: formatPath(path), before, after }];
}

/** Formats a change for messages: `stages[0].epochs: 10 → 20`. */
export const sayChange = ({ path, before, after }: ConfigChange): string => `${path}: ${show(before)} → ${show(after)}`;

type Branch = Readonly<Record<string, Json>>;
const isBranch = (value: Json | undefined): value is Branch => typeof value === 'object' && value !== null;
const at = (value: Branch, key: string): Json | undefined => value[key];
