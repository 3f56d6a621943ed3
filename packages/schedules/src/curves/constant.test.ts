import { configOf, createKit } from '@temper/core';
import { expect, test } from 'vitest';
import { schedules } from '../index.js';
import { constant } from './constant.js';

test('a bare number, the shorthand and the options say the same', () => {
  const kit = createKit({ plugins: [schedules] });
  for (const four of [constant(4), constant({ value: 4 }), kit.schedule(4), kit.schedule({ type: 'constant', value: 4 })]) {
    expect(four({ step: 7, total: 10 })).toBe(4);
  }
  expect(configOf(constant(4))).toEqual({ type: 'constant', value: 4 });
});

test('refuses what is no number', () => {
  expect(() => constant('4' as never)).toThrow('constant.value: must be a number, got "4"');
});
