import { configOf, formatPath, limits, parsePath, shorten, type TemperError } from '@temper/core';
import { mistake } from './mistake.js';

/** One `--set`: the path and the value. */
export interface Setting {
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
}

/** The maximum length of a path: `limits.depth` long names. */
const longestPath = 10_000;

const name = '[^.\\[\\]=]+';
const index = '\\[(?:\\d+|"(?:[^"\\\\]|\\\\.)*")\\]';
const grammar = new RegExp(`^((?:${name}|${index})(?:\\.${name}|${index})*)=(.*)$`, 's');

/**
 * Parses `path=value`: a path as in error messages, and JSON or otherwise a text.
 * @example parseSetting('stages[0].temperature.from=10') // { path: ['stages', 0, 'temperature', 'from'], value: 10 }
 */
export function parseSetting(text: string): Setting {
  // Checked before the grammar, which would read each of a million characters.
  const end = text.indexOf('=');
  if (end > longestPath) throw mistake(`--set ${shorten(text, 60)}: a path has at most ${longestPath} characters, got ${end}`);
  const [, path, value] = grammar.exec(text) ?? [];
  if (path === undefined || value === undefined) {
    throw mistake(`--set ${shorten(JSON.stringify(text), 100)}: must be path=value`, {
      hint: 'For instance --set epochs=3, --set stages[0].temperature.from=10 or --set \'weighting={"soft":0.5,"hard":0.5}\'.',
    });
  }
  const parts = parsePath(path);
  if (parts.length > limits.depth)
    throw mistake(`--set ${shorten(path, 60)}: a path has at most ${limits.depth} parts, got ${parts.length}`);
  return { path: parts, value: parseValue(value) };
}

/** Returns a setting whose value is data: a change of a comparison. @throws TemperError for a path that `--set` would refuse. */
export function settingOf(path: string, value: unknown): Setting {
  return { path: parseSetting(`${path}=0`).path, value };
}

/** Returns a copy of the config with the value at its path; missing objects on the path are created. */
export function applySetting<T>(config: T, { path, value }: Setting): T {
  return put(config, path, 0, value) as T;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function put(parent: unknown, path: readonly PropertyKey[], depth: number, value: unknown): unknown {
  const key = path[depth];
  if (key === undefined) return value;
  // The config of a strategy built in code is changed.
  const holder = configOf(parent) ?? parent;
  const place = path.slice(0, depth);
  if (typeof key === 'number') return putInList(holder, key, place, (old) => put(old, path, depth + 1, value));
  if (holder !== undefined && (typeof holder !== 'object' || holder === null || Array.isArray(holder))) {
    const found = typeof holder === 'function' ? 'a function' : shown(holder);
    throw misplaced(
      place,
      `has no option "${String(key)}": it is ${found}`,
      `Set the complete value, for instance --set '${formatPath(place)}={…}'.`,
    );
  }
  const options = (holder ?? {}) as Record<PropertyKey, unknown>;
  const old = Object.hasOwn(options, key) ? options[key] : undefined;
  return Object.fromEntries([...Object.entries(options), [String(key), put(old, path, depth + 1, value)]]);
}

/** Formats a value that is not an object; a list may be deeper than JSON allows, or contain itself. */
function shown(value: unknown): string {
  try {
    return shorten(JSON.stringify(value) ?? typeof value, 60);
  } catch {
    return `a ${Array.isArray(value) ? 'list' : typeof value}`;
  }
}

function putInList(holder: unknown, index: number, place: readonly PropertyKey[], replace: (old: unknown) => unknown): unknown[] {
  const list: unknown = holder ?? [];
  if (!Array.isArray(list)) throw misplaced(place, `is not a list, so [${index}] does not exist`);
  if (index > list.length)
    throw misplaced([...place, index], `the list has ${list.length} entries, and the first that can be added is [${list.length}]`);
  return [...(list as unknown[]).slice(0, index), replace(list[index]), ...(list as unknown[]).slice(index + 1)];
}

function misplaced(path: readonly PropertyKey[], message: string, hint?: string): TemperError {
  return mistake(`${message} (--set)`, { path: formatPath(path), ...(hint === undefined ? {} : { hint }) });
}
