import { describe, expect, test } from 'vitest';
import { fc, test as property } from '@fast-check/vitest';
import { TemperError } from '../errors.js';
import { formatPath, parsePath } from '../path.js';
import { errorOf, kit } from './fixtures.js';

describe('mistakes in a config', () => {
  test.each([
    [
      { temperature: { type: 'lin', from: 1 } },
      'temperature.type: unknown temperature "lin"; did you mean "line"? Known: chain, gauge, line, plain',
    ],
    [{ temperature: { type: 'line' } }, 'temperature.from: is missing; it must be a number'],
    [{ temperature: { type: 'line', from: '20' } }, 'temperature.from: must be a number, got "20"'],
    [{ temperature: { type: 'line', from: NaN } }, 'temperature.from: must be a finite number, got NaN'],
    [{ temperature: Infinity }, 'temperature: must be a finite number or a schedule, got Infinity'],
    [{ temperature: { type: 'line', from: 1, frm: 2 } }, 'temperature.frm: unknown option "frm"; did you mean "from"?'],
    [{ temperature: 'hot' }, 'temperature: must be a temperature, for instance 4, got "hot"'],
    [
      { stages: [{ epochs: 1, temperature: { type: 'chain', of: [1, { type: 'line', from: null }] } }] },
      'stages[0].temperature.of[1].from: must be a number, got null',
    ],
    [{ stages: [{ epochs: 0 }] }, 'stages[0].epochs: must be a finite number at least 1, got 0'],
    [{ stages: [] }, 'stages: must have at least 1'],
    [{ stages: [{ epochs: 1 }], epochs: 3 }, 'epochs: not allowed together with `stages`'],
    [{ weighting: { type: 'share', soft: 1.5 } }, 'weighting.soft: must be a finite number at most 1, got 1.5'],
    [{ weighting: { soft: 'much' } }, 'weighting.soft: must be a schedule'],
    [{ losses: { 'my loss': { type: 'zero' } } }, 'must be a name of letters, digits, - and _'],
    [{ losses: {} }, 'losses: must have at least one loss'],
    [{ teacher: {} }, 'teacher: must be exactly one of: model'],
    [{ batchSize: 2.5 }, 'batchSize: must be a whole number, got 2.5'],
    [{ tempreature: 4 }, 'tempreature: unknown option "tempreature"; did you mean "temperature"?'],
    [{ name: '../elsewhere' }, 'name: must be a name of letters, digits'],
    [{ keep: 'bset' }, 'keep: must be "best", "last" or { "by": "nll" } with the name of a metric, got "bset"; did you mean "best"?'],
    [null, 'must be an object with options, got null'],
    [[], 'must be an object with options, got []'],
    [{ temperature: () => 4 }, 'temperature: is a function without a name'],
  ])('the config %j is refused', (config, message) => {
    const error = errorOf(() => kit.parse(config));
    expect(error.message).toContain(message);
    expect(error.fault).toBe('user');
  });

  test('all mistakes are reported at once', () => {
    const { message } = errorOf(() => kit.parse({ batchSize: 0, temperature: { type: 'line', from: 'x' } }));
    expect(message).toContain('2 mistakes in the config');
    expect(message).toContain('batchSize: must be a finite number at least 1, got 0');
    expect(message).toContain('temperature.from: must be a number, got "x"');
  });

  test('a weight below 0 is refused when its strategy is built', () => {
    expect(errorOf(() => kit.weighting({ soft: -1, hard: 1 })).message).toContain(
      'soft: must be a finite number at least 0 at every step, got -1',
    );
  });

  test('an adaptive temperature in the place of a schedule is refused with a reason', () => {
    expect(errorOf(() => kit.parse({ weighting: { soft: { type: 'gauge' } } })).message).toContain(
      'weighting.soft.type: unknown schedule "gauge"',
    );
  });
});

describe('laws', () => {
  const schedule = fc.letrec<{ one: object | number }>((tie) => ({
    one: fc.oneof(
      { depthSize: 'small' },
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.record({ type: fc.constant('line'), from: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
      fc.constant({ type: 'plain' }),
      fc.record({ type: fc.constant('chain'), of: fc.array(tie('one'), { minLength: 1, maxLength: 3 }) }),
    ),
  })).one;

  property.prop([schedule])('a parsed config parses to itself, also through JSON', (temperature) => {
    const parsed = kit.parse({ temperature });
    expect(kit.parse({ ...parsed })).toEqual(parsed);
    // JSON knows no −0.
    expect(JSON.stringify(kit.parse(JSON.parse(JSON.stringify(parsed))))).toBe(JSON.stringify(parsed));
  });

  property.prop([fc.anything()])('any value is parsed or refused with a TemperError', (anything) => {
    for (const body of [
      () => kit.parse(anything),
      () => kit.parse({ temperature: anything }),
      () => kit.build('loss', anything),
      () => kit.build('weighting', anything),
    ]) {
      try {
        body();
      } catch (error) {
        expect(error).toBeInstanceOf(TemperError);
      }
    }
  });
});

test('a weight below 0 in a record is refused at the place of the weighting', () => {
  expect(() => kit.build('weighting', { soft: -1, hard: 1 }, ['stages', 0, 'weighting'])).toThrow(
    'stages[0].weighting.soft: must be a finite number at least 0',
  );
});

test('a path is parsed as it is written, with names in quotes too', () => {
  const paths = [['a"b\\c', 0, 'plain'], ['with space', '1', 'tab\t'], ['x.y[0]']];
  for (const path of paths) expect(parsePath(formatPath(path))).toEqual(path);
  expect(parsePath('a["no \\q escape"]')).toEqual(['a', 'no \\q escape']);
});
