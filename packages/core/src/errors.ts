import { closest, distance } from 'fastest-levenshtein';
import { asPath, formatPath, type Path } from './path.js';
import { printable, shorten } from './printable.js';

/**
 * Stable codes of errors; the part before the slash names the area. Programs test `code`, people read `message`.
 */
export type ErrorCode =
  | 'config/invalid'
  | 'config/unknown-name'
  | 'plugin/duplicate'
  | 'plugin/missing-requirement'
  | 'plugin/invalid'
  | 'data/invalid'
  | 'data/not-found'
  | 'model/invalid'
  | 'environment/backend'
  | 'environment/files'
  | 'run/exists'
  | 'run/changed'
  | 'run/no-checkpoint'
  | 'run/non-finite'
  | 'run/stopped'
  | 'run/failed';

/** The parts of a `TemperError`. */
export interface ErrorDetails {
  readonly code: ErrorCode;
  /** One sentence: the place, the given value, the allowed values. */
  readonly message: string;
  /** The place in the config or in the options of a strategy: `['temperature', 'from']`, or in short `'temperature.from'`. */
  readonly path?: Path | string;
  /** The remedy. */
  readonly hint?: string;
  /** `user`: a mistake in the input (exit status 2); `run`: the run failed (exit status 1). */
  readonly fault?: 'user' | 'run';
  /** The mistakes, if there are several. */
  readonly issues?: readonly Issue[];
  readonly cause?: unknown;
}

/** One mistake of a config. */
export interface Issue {
  readonly code: ErrorCode;
  readonly path: Path;
  readonly message: string;
  readonly hint?: string;
}

/**
 * The one error class of Temper: names the place, the given value, the allowed values and a remedy.
 * `message` already holds path and hint, so printing it is enough.
 * @example
 * throw new TemperError({ code: 'data/invalid', message: 'labels[3]: must be an integer from 0 to 9, got 12' });
 */
export class TemperError extends Error {
  override readonly name = 'TemperError';
  /** The arguments of the constructor, for code that extends the path. */
  readonly details: ErrorDetails;
  readonly code: ErrorCode;
  /** Path in the config; empty if the error has no single path. */
  readonly path: Path;
  readonly hint: string | undefined;
  readonly fault: 'user' | 'run';
  /** All mistakes; most errors have one. */
  readonly issues: readonly Issue[];

  constructor(details: ErrorDetails) {
    const path = asPath(details.path);
    const where = path.length === 0 ? '' : `${formatPath(path)}: `;
    const advice = details.hint === undefined ? '' : `\n  ${details.hint}`;
    super(readable(`${where}${details.message}${advice}`), details.cause === undefined ? undefined : { cause: details.cause });
    this.details = details;
    this.code = details.code;
    this.path = path;
    this.hint = details.hint;
    this.fault = details.fault ?? (details.code.startsWith('run/') ? 'run' : 'user');
    const { code, message, hint } = details;
    this.issues = details.issues ?? [{ code, path, message, ...(hint === undefined ? {} : { hint }) }];
  }

  /** Returns its parts with paths as texts, and all issues where there are several. */
  toJSON(): Readonly<Record<string, unknown>> {
    const asText = (issue: Issue): object => ({ ...issue, path: textOf(issue.path) });
    const all = this.issues.length < 2 ? {} : { issues: this.issues.map(asText) };
    return { code: this.code, fault: this.fault, message: this.details.message, path: textOf(this.path), hint: this.hint, ...all };
  }
}

const textOf = (path: Path): string | undefined => (path.length === 0 ? undefined : formatPath(path));

/** The longest line of a message; the middle of a longer one is left out. */
const longestLine = 2000;

/** Makes a message safe to print: it may quote a config or a file. */
const readable = (message: string): string =>
  printable(message)
    .split('\n')
    .map((line) => shorten(line, longestLine))
    .join('\n');

/** The longest name that can be a misspelt one. */
const longestName = 100;

/**
 * Returns the known name nearest to a given name, or undefined if none is near enough. If no complete name is near, the parts after the
 * last dot are compared: `acuracy` is near `validation.accuracy`, and vice versa.
 * @example nearest('cosin', ['linear', 'cosine']) // 'cosine'
 */
export function nearest(given: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || given.length > longestName) return undefined;
  return (
    nearestBy((name) => name.toLowerCase(), given, known) ?? nearestBy((name) => name.toLowerCase().replace(/^.*\./, ''), given, known)
  );
}

function nearestBy(part: (name: string) => string, given: string, known: readonly string[]): string | undefined {
  const own = part(given);
  const best = closest(own, known.map(part));
  const furthest = Math.max(2, Math.floor(own.length / 3));
  return distance(own, best) <= furthest ? known.find((name) => part(name) === best) : undefined;
}

/**
 * Returns the message for an unknown name: names the nearest known name, and lists all.
 * @example unknownName('schedule', 'cosin', ['linear', 'cosine'])
 * // 'unknown schedule "cosin"; did you mean "cosine"? Known: cosine, linear'
 */
export function unknownName(what: string, given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  const suggestion = near === undefined ? '' : `; did you mean "${near}"?`;
  const all = [...known].sort().join(', ') || 'none';
  return `unknown ${what} ${JSON.stringify(shorten(given, longestName))}${suggestion || '.'} Known: ${all}`;
}
