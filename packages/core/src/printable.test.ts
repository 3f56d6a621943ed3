import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { TemperError, unknownName } from './errors.js';
import { printable, shorten } from './printable.js';

describe('printable', () => {
  test.each([
    ['\u001b[31mred\u001b[0m', '\\u001b[31mred\\u001b[0m'],
    ['\u009b2J', '\\u009b2J'],
    ['bell\u0007', 'bell\\u0007'],
    ['over\rwritten', 'over\\u000dwritten'],
    ['right\u202eleft', 'right\\u202eleft'],
    ['a\tb\nc', 'a b\nc'],
    ['Größe, 数字, 🙂', 'Größe, 数字, 🙂'],
  ])('%j is printed as %j', (given, expected) => {
    expect(printable(given)).toBe(expected);
  });

  test.prop([fc.string({ unit: 'binary' })])('printable leaves no control character except the line feed', (text) => {
    expect(printable(text)).not.toMatch(/(?!\n)\p{Cc}/u);
  });
});

describe('shorten', () => {
  test.prop([fc.string(), fc.integer({ min: 3, max: 50 })])(
    'shorten limits the length and keeps the first and the last character',
    (text, most) => {
      const short = shorten(text, most);
      expect(short.length).toBeLessThanOrEqual(most);
      if (text.length <= most) expect(short).toBe(text);
      else expect(text.startsWith(short.slice(0, short.indexOf('…')))).toBe(true);
    },
  );
});

describe('a TemperError', () => {
  test('a TemperError prints no control character of its arguments', () => {
    const { message } = new TemperError({ code: 'config/invalid', path: 'stages\u001b', message: 'stage \u001b[2J', hint: 'see\u0007' });
    expect(message).toBe('["stages\\u001b"]: stage \\u001b[2J\n  see\\u0007');
  });

  test('a TemperError keeps the start and the end of a very long line', () => {
    const { message } = new TemperError({ code: 'config/invalid', message: `start ${'x'.repeat(1e6)} end` });
    expect(message.length).toBeLessThanOrEqual(2000);
    expect(message).toMatch(/^start x+…x+ end$/);
  });

  test('a TemperError suggests no name when none is similar', () => {
    const message = unknownName('schedule', 'x'.repeat(1e6), ['linear', 'cosine']);
    expect(message.length).toBeLessThan(200);
  });
});
