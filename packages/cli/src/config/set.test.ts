import { defineSchedule, formatPath, parsePath, TemperError } from '@temper/core';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { applySetting, parseSetting } from './set.js';

const set = (config: unknown, text: string): unknown => applySetting(config, parseSetting(text));
const refusal = (act: () => unknown): TemperError => {
  try {
    act();
  } catch (error) {
    if (error instanceof TemperError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

const linear = defineSchedule({
  type: 'linear',
  options: z.strictObject({ from: z.number(), to: z.number() }),
  create:
    ({ from, to }) =>
    ({ step, total }) =>
      from + ((to - from) * step) / total,
});

/** Deeper than `JSON.stringify` goes. */
const deepList = Array.from({ length: 20_000 }).reduce<unknown>((inner) => [inner], 1);

describe('parsing of path=value', () => {
  test.each([
    ['epochs=3', ['epochs'], 3],
    ['stages[0].temperature.from=10', ['stages', 0, 'temperature', 'from'], 10],
    ['name=first try', ['name'], 'first try'],
    ['name="3"', ['name'], '3'],
    ['name=', ['name'], ''],
    ['weighting={"soft":0.5,"hard":0.5}', ['weighting'], { soft: 0.5, hard: 0.5 }],
    ['losses["my loss"].type=kl', ['losses', 'my loss', 'type'], 'kl'],
    ['data.path=a=b', ['data', 'path'], 'a=b'],
    ['keep=last', ['keep'], 'last'],
    ['student.model.hidden[1]=16', ['student', 'model', 'hidden', 1], 16],
  ])('--set %s is parsed', (text, path, value) => {
    expect(parseSetting(text)).toEqual({ path, value });
  });

  test.each(['', 'epochs', '=3', 'a..b=1', '.a=1', 'a.=1', 'stages[=1', 'stages[x]=1', 'stages[-1]=1'])('--set refuses %j', (text) => {
    const error = refusal(() => parseSetting(text));
    expect(error).toMatchObject({ code: 'config/invalid', fault: 'user' });
    expect(error.message).toMatch(/must be path=value\n.*--set epochs=3/s);
  });

  const key = fc.stringMatching(/^[a-zA-Z][\w-]{0,8}$/);
  const path = fc.tuple(key, fc.array(fc.oneof(key, fc.nat(20)), { maxLength: 5 })).map(([first, rest]) => [first, ...rest]);
  test.prop([path, fc.jsonValue()])('--set parses the paths of error messages', (where, value) => {
    const setting = parseSetting(`${formatPath(where)}=${JSON.stringify(value)}`);
    expect(setting).toEqual({ path: where, value: JSON.parse(JSON.stringify(value)) as unknown });
  });
});

describe('setting a value', () => {
  const config = { stages: [{ epochs: 2, temperature: { type: 'linear', from: 20, to: 1 } }, { epochs: 3 }], seed: 1 };

  test('--set replaces a value and changes nothing else, nor the original', () => {
    const before = structuredClone(config);
    expect(set(config, 'stages[0].temperature.from=10')).toEqual({
      stages: [{ epochs: 2, temperature: { type: 'linear', from: 10, to: 1 } }, { epochs: 3 }],
      seed: 1,
    });
    expect(config).toEqual(before);
  });

  test('--set creates the objects and lists of its path', () => {
    expect(set({}, 'teacher.train.epochs=1')).toEqual({ teacher: { train: { epochs: 1 } } });
    expect(set({}, 'stages[0].epochs=1')).toEqual({ stages: [{ epochs: 1 }] });
    expect(set(config, 'stages[2].epochs=1')).toMatchObject({ stages: [{}, {}, { epochs: 1 }] });
  });

  test('--set changes the config of a strategy built in code', () => {
    expect(set({ temperature: linear({ from: 20, to: 1 }) }, 'temperature.from=5')).toEqual({
      temperature: { type: 'linear', from: 5, to: 1 },
    });
  });

  test.each([
    ['5,000 parts', `${'a.'.repeat(4999)}a=1`, 'a path has at most 100 parts, got 5000'],
    ['a million characters', `${'a'.repeat(1e6)}=1`, 'a path has at most 10000 characters, got 1000000'],
    ['5,000 list indices', `a${'[0]'.repeat(3000)}=1`, 'a path has at most 100 parts, got 3001'],
  ])('--set refuses a path of %s', (_, text, message) => {
    const error = refusal(() => set({}, text));
    expect(error).toMatchObject({ code: 'config/invalid', fault: 'user' });
    expect(error.message).toContain(message);
    expect(error.message.length).toBeLessThan(300);
  });

  test('--set cannot reach prototypes', () => {
    const changed = set({}, '__proto__.polluted=true');
    expect(Object.keys(changed as object)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });

  test.each([
    [{ temperature: 4 }, 'temperature.from=1', 'temperature', 'has no option "from": it is 4'],
    [{ temperature: () => 4 }, 'temperature.from=1', 'temperature', 'it is a function'],
    [config, 'stages.epochs=1', 'stages', 'has no option "epochs"'],
    [{ temperature: deepList }, 'temperature.from=1', 'temperature', 'has no option "from": it is a list'],
    [{ temperature: 10n }, 'temperature.from=1', 'temperature', 'has no option "from": it is a bigint'],
    [config, 'stages[5].epochs=1', 'stages[5]', 'the list has 2 entries, and the first that can be added is [2]'],
    [config, 'seed[0]=1', 'seed', 'is not a list, so [0] does not exist'],
  ])('--set refuses a path that the config does not have (case %#)', (given, text, path, message) => {
    const error = refusal(() => set(given, text));
    expect(error).toMatchObject({ code: 'config/invalid', fault: 'user', path: parsePath(path) });
    expect(error.message).toContain(message);
  });
});
