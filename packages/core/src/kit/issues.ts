import type { z } from 'zod';
import { nearest, TemperError, type ErrorDetails, type Issue } from '../errors.js';
import { takeFailure } from '../is-tensor.js';
import { formatPath, type Path } from '../path.js';
import { shorten } from '../printable.js';

/** Formats a value for a message: short, with strings in quotes. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint' || value === null) return String(value);
  if (typeof value === 'function') return 'a function';
  return shorten(asText(value), 60);
}

/** Formats a value as JSON; a value that JSON cannot hold (a BigInt inside, a circle, a getter that throws) is named by its type. */
function asText(value: unknown): string {
  try {
    // A `toJSON` method may return a promise, which nothing awaits.
    return JSON.stringify(value, (_, one: unknown) => (takeFailure(one), one)) ?? typeof value;
  } catch {
    return isArray(value) ? 'a list' : `a value of type ${typeof value}`;
  }
}

/** Returns false for a revoked proxy, for which `Array.isArray` throws. */
function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

const typeNames: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with options',
  record: 'an object',
};

/** The error map of zod: names the expected and the actual value. */
export const explain: z.core.$ZodErrorMap = (issue) => {
  const got = `got ${show(issue.input)}`;
  switch (issue.code) {
    case 'invalid_type': {
      const expected = typeNames[issue.expected] ?? issue.expected;
      if (issue.input === undefined) return `is missing; it must be ${expected}`;
      const finite = issue.expected === 'number' && typeof issue.input === 'number' ? 'a finite number' : expected;
      return `must be ${finite}, ${got}`;
    }
    case 'too_small':
    case 'too_big': {
      const small = issue.code === 'too_small';
      const limit = small ? issue.minimum : issue.maximum;
      const relation = issue.inclusive === false ? (small ? 'above' : 'below') : small ? 'at least' : 'at most';
      const counted = { array: 'entries', string: 'characters' }[issue.origin as string];
      if (counted === undefined) return `must be a finite number ${relation} ${limit}, ${got}`;
      return `must have ${relation} ${limit} ${counted}, got ${(issue.input as { length: number }).length}`;
    }
    case 'invalid_value':
      return issue.input === undefined
        ? `is missing; it must be ${issue.values.map(show).join(' or ')}`
        : `must be ${issue.values.map(show).join(' or ')}, ${got}${suggest(issue.input, issue.values)}`;
    case 'invalid_key':
      return issue.issues[0]?.message;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}, ${got}`;
    case 'unrecognized_keys': {
      const shape = (issue.inst?._zod.def as { shape?: object } | undefined)?.shape ?? {};
      const known = Object.keys(shape).filter((key) => key !== 'type');
      const hints = issue.keys
        .slice(0, mostMistakes)
        .map((key) => `unknown option ${JSON.stringify(shorten(key, 60))}${suggest(key, known)}`);
      return `${hints.join(', ')}${andMore(issue.keys.length)}; allowed: ${known.join(', ') || 'none'}`;
    }
    default:
      return undefined;
  }
};

/** Returns the nearest of the known values as the end of a message. */
export function suggest(input: unknown, values: readonly unknown[]): string {
  const near =
    typeof input === 'string'
      ? nearest(
          input,
          values.filter((v) => typeof v === 'string'),
        )
      : undefined;
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** How many mistakes one message lists. */
const mostMistakes = 10;

const andMore = (count: number): string => (count > mostMistakes ? ` and ${(count - mostMistakes).toLocaleString('en-US')} more` : '');

/** Combines all issues of a failed parse in one TemperError, whose path is that of the first issue. */
export function fromIssues(issues: readonly z.core.$ZodIssue[], prefix: Path, what: string): TemperError {
  const found = issues.map((issue) => flatten(issue, prefix));
  const first = found[0] as Issue;
  if (issues.length === 1) return new TemperError(first);
  const named = found.slice(0, mostMistakes);
  const lines = named.map((one) => `  ${one.path.length === 0 ? '' : `${formatPath(one.path)}: `}${one.message}`);
  const more = issues.length > mostMistakes ? [` ${andMore(issues.length)}`] : [];
  const hints = named.flatMap((one) => (one.hint === undefined ? [] : [one.hint]));
  return new TemperError({
    code: first.code,
    message: [`${issues.length.toLocaleString('en-US')} mistakes in the ${what}`, ...lines, ...more].join('\n'),
    ...(hints.length === 0 ? {} : { hint: hints.join('\n  ') }),
    issues: found,
  });
}

function flatten(issue: z.core.$ZodIssue, prefix: Path): Issue {
  const path = [...prefix, ...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  const details = issue.code === 'custom' ? (issue.params?.['details'] as ErrorDetails | undefined) : undefined;
  return { code: 'config/invalid', ...details, path, message: details?.message ?? issue.message };
}
