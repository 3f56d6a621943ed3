import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { TemperError } from '../errors.js';
import { basicRun, basics } from '../train/fixtures/basic-run.js';
import { createKit } from './kit.js';
import { asPath, formatPath, isWithin } from '../path.js';
import { blame } from './blame.js';

const kit = createKit({ plugins: [basics] });

const failure = (run: () => unknown): TemperError => {
  try {
    run();
  } catch (error) {
    if (error instanceof TemperError) return error;
  }
  throw new Error('nothing was refused');
};

const key = fc.oneof(fc.nat({ max: 99 }), fc.stringMatching(/^[A-Za-z][\w-]{0,8}$/), fc.string({ minLength: 1, maxLength: 8 }));
const path = fc.array(key, { minLength: 1, maxLength: 5 });

describe('paths', () => {
  test.prop([path])('an error has the same path from keys and from text', (keys) => {
    const [byKeys, byText] = [keys, formatPath(keys)].map(
      (given) => new TemperError({ code: 'config/invalid', message: 'is odd', path: given }),
    );
    expect(byText?.path).toEqual(byKeys?.path);
    expect(byText?.message).toBe(byKeys?.message);
    expect(byKeys?.issues).toEqual([{ code: 'config/invalid', path: keys, message: 'is odd' }]);
  });
  test.prop([path, path])('blame prefixes the path of an error unless the prefix is there', (place, own) => {
    const error = new TemperError({ code: 'config/invalid', message: 'is odd', path: own });
    expect(blame(place, error).path).toEqual(isWithin(own, place) ? own : [...place, ...own]);
  });
  test('blame compares paths by complete names', () => {
    const error = new TemperError({ code: 'config/invalid', message: 'is odd', path: 'temperatures.x' });
    expect(formatPath(blame(['temperature'], error).path)).toBe('temperature.temperatures.x');
    expect(asPath(undefined)).toEqual([]);
  });
});

describe('an error of a config', () => {
  const wrong = { ...basicRun, epochs: 0, batchSize: 'many', stages: undefined, losses: { hard: { type: 'crossentropy' } } };
  test('an error of a config has all its issues with paths as data', () => {
    const error = failure(() => kit.parse(wrong));
    expect(error.issues.map(({ path: one }) => formatPath(one)).sort()).toEqual(['batchSize', 'epochs', 'losses.hard.type']);
    expect(error.issues.every(({ code, message }) => code.startsWith('config/') && message.length > 0)).toBe(true);
    for (const { path: one } of error.issues) expect(error.message).toContain(formatPath(one));
  });
  test('an error has every issue when its message lists ten of them', () => {
    const losses = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`loss${i}`, { type: 'unknown' }]));
    const error = failure(() => kit.parse({ ...basicRun, losses }));
    expect(error.issues).toHaveLength(40);
    expect(error.message.match(/unknown loss/g)).toHaveLength(10);
    expect(error.message).toContain('and 30 more');
  });
  test('an error is written as JSON with its paths as texts', () => {
    expect(JSON.parse(JSON.stringify(failure(() => kit.parse({ ...basicRun, epochs: 0 }))))).toEqual({
      code: 'config/invalid',
      fault: 'user',
      message: expect.stringMatching(/^must be .* at least 1, got 0$/) as string,
      path: 'epochs',
    });
    const { issues } = JSON.parse(JSON.stringify(failure(() => kit.parse(wrong)))) as { issues: { path: string }[] };
    expect(issues.map((issue) => issue.path)).toContain('losses.hard.type');
  });
});
