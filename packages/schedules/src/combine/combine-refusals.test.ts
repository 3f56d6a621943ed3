import '@tensorflow/tfjs-node';
import { checkTemperature, createKit } from '@temper/core';
import { describe, expect, test } from 'vitest';
import { ctkd, flsw, linear, plateau, quantise, repeat, reverse, scale, schedules, sequence, sides } from '../index.js';
import * as index from '../index.js';

describe('adaptive parts that an operator cannot use', () => {
  test.each<[string, () => unknown, string]>([
    ['reverse', () => reverse(flsw({ base: 4 })), 'reverse.of'],
    ['repeat', () => repeat({ of: ctkd({}), times: 2 }), 'its learned or observed state does not start again'],
    ['quantise', () => quantise({ of: plateau({ from: 4 }), levels: 3 }), 'its value changes with every batch or evaluation'],
    [
      'scale by a negative number',
      () => scale({ of: flsw({ base: 4 }), by: -1 }),
      'must be a finite number above 0 where an adaptive temperature is scaled, got -1',
    ],
  ])('an operator refuses an adaptive part: %s', (_, make, message) => {
    const kit = createKit({ plugins: [schedules] });
    expect(make).toThrow(message.replace('reverse.of', 'is an adaptive temperature, which "reverse" cannot use'));
    expect(() => kit.build('temperature', { type: 'reverse', of: { type: 'flsw', base: 4 } }, ['stages', 0, 'temperature'])).toThrow(
      'stages[0].temperature.of: is an adaptive temperature',
    );
  });

  test.each<[string, () => unknown, string]>([
    ['a part below 0 next to an adaptive one', () => sequence([linear({ from: 4, to: -3 }), flsw({ base: 4 })]), 'of[0]: must be'],
    [
      'a side below 0',
      () => sides({ student: 1, teacher: linear({ from: 4, to: -3 }) }),
      'teacher: must be a finite number at least 0.001',
    ],
  ])('an operator refuses a part: %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test("a value below 0 of an adaptive part's schedule is refused before training", () => {
    const dip = sequence([flsw({ base: 4 }), index.piecewise({ points: [4, -1, 4].map((value, i) => ({ at: i / 2, value })) })]);
    expect(() => checkTemperature(dip, { total: 100 }, 'temperature')).toThrow(
      'temperature.of[1]: must be a finite number at least 0.001 at every step, got',
    );
  });

  test('an adaptive temperature is refused as a learning rate', () => {
    const kit = createKit({ plugins: [schedules] });
    expect(() => kit.build('optimizer', { type: 'sgd', learningRate: { type: 'clamp', of: { type: 'flsw', base: 4 }, min: 1 } })).toThrow(
      'which is possible for temperatures only',
    );
  });
});
