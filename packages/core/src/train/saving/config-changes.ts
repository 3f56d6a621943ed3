import type { Json } from '../../json.js';
import { formatPath, type Path } from '../../path.js';
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

/** A network in training, by the path of its training in the config, and the stage that a run continues in. */
export interface ReachedStage {
  readonly path: Path;
  readonly stage: number;
}

/** Returns a warning for changes of stages that a resumed run does not train again. */
export function withoutEffect(changes: readonly ConfigChange[], { path, stage }: ReachedStage): string[] {
  const start = formatPath([...path, 'stages']);
  const past = changes.filter(({ path: one }) => {
    const index = one.startsWith(`${start}[`) ? Number.parseInt(one.slice(start.length + 1), 10) : NaN;
    return index < stage;
  });
  if (past.length === 0) return [];
  return [`${past.map((change) => change.path).join(', ')}: the run continues after this stage, so the change has no effect`];
}

type Branch = Readonly<Record<string, Json>>;
const isBranch = (value: Json | undefined): value is Branch => typeof value === 'object' && value !== null;
const at = (value: Branch, key: string): Json | undefined => value[key];
