import type { RunOptions } from '../contracts/run.js';
import { TemperError, unknownName } from '../errors.js';
import { isList, isRecord } from '../is-record.js';
import { show } from './issues.js';
import { readable } from './readable.js';

type Check = (value: unknown) => boolean;

const isFunction: Check = (value) => typeof value === 'function';
const isReporter: Check = (value) => isRecord(value) && isFunction(value['report']);
const isSignal: Check = (value) => isRecord(value) && typeof value['aborted'] === 'boolean' && isFunction(value['addEventListener']);
const isForce: Check = (value) => value === true || (isList(value) && value.every((path) => typeof path === 'string'));

/** The expected value of each option of a run. Networks are checked where they are used, by the rules of the config. */
const checks: Readonly<Record<keyof RunOptions, readonly [expected: string, check: Check]>> = {
  signal: ['an AbortSignal', isSignal],
  data: ['data of three parts, or a function that loads them', (value) => isRecord(value) || isFunction(value)],
  teacher: ['a network', () => true],
  student: ['a network', () => true],
  reporters: ['a list of reporters, each with a function report', (value) => isList(value) && value.every(isReporter)],
  services: ['a function that binds services', isFunction],
  stageServices: ['a function that binds services of a stage', isFunction],
  resume: [
    'true, false or an object with force, true or a list of paths',
    (value) => typeof value === 'boolean' || (isRecord(value) && isForce(value['force'])),
  ],
};
const names = Object.keys(checks) as (keyof RunOptions)[];

/**
 * Checks the options of `run`, reads each of them once, and returns them.
 * @throws TemperError `config/invalid` or `config/unknown-name` with the name of the option.
 */
export function checkOptions(options: RunOptions): RunOptions {
  if (!isRecord(options)) throw refuse('options', 'an object', options);
  const unknown = readable('config/invalid', 'options', () => Object.keys(options)).find((key) => !Object.hasOwn(checks, key));
  if (unknown !== undefined)
    throw new TemperError({ code: 'config/unknown-name', path: 'options', message: unknownName('option of run', unknown, names) });
  const read = names.flatMap((name) => {
    const value: unknown = readable('config/invalid', name, () => options[name]);
    if (value === undefined) return [];
    const [expected, check] = checks[name];
    if (!readable('config/invalid', name, () => check(value))) throw refuse(name, expected, value);
    return [[name, value] as const];
  });
  return Object.fromEntries(read);
}

const refuse = (path: string, expected: string, given: unknown): TemperError =>
  new TemperError({ code: 'config/invalid', path, message: `must be ${expected}, got ${show(given)} (an option of run)` });
