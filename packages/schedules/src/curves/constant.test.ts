import { configOf, createKit } from '@temper/core';
import { expect, test } from 'vitest';
import { schedules } from '../index.js';
import { constant } from './constant.js';

test('constant is the same as a number, by shorthand and with options', () => {
  const kit = createKit({ plugins: [schedules] });
  for (const four of [constant(4), constant({ value: 4 }), kit.schedule(4), kit.schedule({ type: 'constant', value: 4 })]) {
    expect(four({ step: 7, total: 10 })).toBe(4);
  }
  expect(configOf(constant(4))).toEqual({ type: 'constant', value: 4 });
});

test('constant refuses a value that is not a number', () => {
  expect(() => constant('4' as never)).toThrow('constant.value: must be a number, got "4"');
});
