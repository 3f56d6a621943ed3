import { TemperError } from '../errors.js';
import { limits } from '../limits.js';
import { reasonOf } from '../reason.js';
import { configOf } from './tagged.js';

/** An object or list of a config that is still to be checked, with the objects that contain it. */
interface Place {
  readonly value: object;
  readonly key: PropertyKey;
  readonly depth: number;
  readonly outer: Place | undefined;
}

/**
 * Refuses a config that could not be read to its end: a circle, more than `limits.depth` levels, more than `limits.values` values,
 * a getter that throws, an option named `__proto__`. Works without recursion, so that no depth exhausts the stack.
 * @param path Where the config is, for messages.
 * @throws TemperError `config/invalid` with the path.
 */
export function checkNesting(config: unknown, path: readonly PropertyKey[] = []): void {
  if (!isContainer(config)) return;
  const open: Place[] = [{ value: config, key: '', depth: 0, outer: undefined }];
  let seen = 0;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, depth } = place;
    const refuse = (message: string, key?: PropertyKey, hint?: string): TemperError =>
      new TemperError({
        code: 'config/invalid',
        path: [...path, ...keysTo(place as Place), ...(key === undefined ? [] : [key])],
        message,
        ...(hint === undefined ? {} : { hint }),
      });
    for (let outer = place.outer; outer !== undefined; outer = outer.outer) {
      if (outer.value === value) throw refuse('contains itself', undefined, 'A config is a tree: copy the part that is used twice.');
    }
    if (depth > limits.depth) throw tooDeep(path, place);
    const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
    for (const key of keys) {
      if (key === '__proto__') throw refuse('an option cannot have this name', key);
      seen += 1;
      if (seen > limits.values) throw refuse(`the config has more than ${limits.values.toLocaleString('en-US')} values`);
      const inner = read(value, key, (reason) => refuse(`cannot be read: ${reason}`, key));
      if (isContainer(inner)) open.push({ value: inner, key, depth: depth + 1, outer: place });
    }
  }
}

/** Returns true for objects and lists of JSON; a strategy built in code, a tensor or a function counts as a value. */
function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || configOf(value) !== undefined) return false;
  return Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

function read(holder: object, key: PropertyKey, refuse: (reason: string) => TemperError): unknown {
  try {
    return (holder as Record<PropertyKey, unknown>)[key];
  } catch (error) {
    throw refuse(reasonOf(error));
  }
}

function keysTo(place: Place): PropertyKey[] {
  const keys: PropertyKey[] = [];
  for (let one: Place | undefined = place; one?.outer !== undefined; one = one.outer) keys.unshift(one.key);
  return keys;
}

/** Returns the error for a place that is too deep; the path to its first few levels is enough to find it. */
function tooDeep(path: readonly PropertyKey[], place: Place): TemperError {
  return new TemperError({
    code: 'config/invalid',
    path: [...path, ...keysTo(place).slice(0, 4)],
    message: `has more than ${limits.depth} levels of objects and lists inside each other`,
    hint: 'Nest fewer schedules, stages or teachers.',
  });
}
