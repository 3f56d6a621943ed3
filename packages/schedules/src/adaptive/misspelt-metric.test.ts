import { createKit } from '@temper/core';
import { describe, expect, test } from 'vitest';
import { schedules } from '../index.js';

const kit = createKit({ plugins: [schedules] });
const watching = (metric: string) => ({ type: 'plateau', from: 8, metric });
const wrong = watching('validation.acuracy');
const right = watching('validation.accuracy');
const said = 'unknown metric "validation.acuracy"; did you mean "validation.accuracy"?';

/** Every operator around a plateau, with the place of the plateau in it. */
const around: [string, (of: object) => object, string][] = [
  ['nothing', (of) => of, ''],
  ['sum', (of) => ({ type: 'sum', of: [1, of] }), '.of[1]'],
  ['product', (of) => ({ type: 'product', of: [of, 2] }), '.of[0]'],
  ['min', (of) => ({ type: 'min', of: [9, of] }), '.of[1]'],
  ['max', (of) => ({ type: 'max', of: [1, of] }), '.of[1]'],
  ['clamp', (of) => ({ type: 'clamp', of, min: 1, max: 10 }), '.of'],
  ['offset', (of) => ({ type: 'offset', of, by: 1 }), '.of'],
  ['scale', (of) => ({ type: 'scale', of, by: 2 }), '.of'],
  ['warm-up', (of) => ({ type: 'warm-up', of, from: 1, over: { steps: 5 } }), '.of'],
  ['jitter', (of) => ({ type: 'jitter', of, amount: 0.1 }), '.of'],
  ['global', (of) => ({ type: 'global', of }), '.of'],
  ['sides', (of) => ({ type: 'sides', student: 1, teacher: of }), '.teacher'],
  ['sequence', (of) => ({ type: 'sequence', of: [{ type: 'linear', from: 8, to: 4 }, of, 1] }), '.of[1]'],
];

const refusal = (changes: object): string => {
  try {
    kit.parse(changes);
  } catch (error) {
    return (error as Error).message.split(' Known: ')[0] as string;
  }
  return 'none';
};

describe('misspelt metrics of a plateau', () => {
  test.each(around)('a misspelt metric inside %s is refused with the config', (_, wrap, place) => {
    expect(refusal({ temperature: wrap(wrong) })).toBe(`temperature${place}.metric: ${said}`);
    expect(refusal({ temperature: wrap(right) })).toBe('none');
  });

  test.each(around)('a misspelt metric inside %s in the second part of a sequence is refused', (_, wrap, place) => {
    expect(refusal({ temperature: { type: 'sequence', of: [right, wrap(wrong)] } })).toBe(`temperature.of[1]${place}.metric: ${said}`);
  });

  test.each([
    ['a run whose stages have temperatures of their own', { temperature: wrong, stages: [{ epochs: 1, temperature: 2 }] }, 'temperature'],
    ['a later stage', { stages: [{ epochs: 1 }, { epochs: 1, temperature: wrong }] }, 'stages[1].temperature'],
    [
      'stages in a stage',
      { stages: [{ repeat: 2, temperature: wrong, stages: [{ epochs: 1, temperature: 1 }, { epochs: 1 }] }] },
      'stages[0].temperature',
    ],
    [
      'the training of a distilled teacher',
      { teacher: { distilled: { teacher: { from: 'a' }, student: { from: 'b' }, temperature: wrong } } },
      'teacher.distilled.temperature',
    ],
    [
      'the teacher of a stage',
      { stages: [{ epochs: 1, teacher: { distilled: { teacher: { from: 'a' }, student: { from: 'b' }, temperature: wrong } } }] },
      'stages[0].teacher.distilled.temperature',
    ],
    [
      'a member of an ensemble',
      { teacher: { ensemble: [{ from: 'a' }, { distilled: { teacher: { from: 'a' }, student: { from: 'b' }, temperature: wrong } }] } },
      'teacher.ensemble[1].distilled.temperature',
    ],
  ])('a misspelt metric is refused in %s', (_, changes, place) => {
    expect(refusal(changes)).toBe(`${place}.metric: ${said}`);
  });

  test.each([
    ['accuracy', 'validation.accuracy'],
    ['acuracy', 'validation.accuracy'],
    ['loss.sof', 'loss.soft'],
    ['validation.agrement', 'validation.agreement'],
    ['Validation.Accuracy', 'validation.accuracy'],
    ['val.accuracy', 'validation.accuracy'],
  ])('metric %s is refused with the nearest name %s', (given, near) => {
    expect(refusal({ temperature: watching(given) })).toBe(`temperature.metric: unknown metric "${given}"; did you mean "${near}"?`);
  });

  test.each([
    'loss',
    'loss.soft',
    'loss.hard',
    'loss.regularization',
    ...['accuracy', 'nll', 'brier', 'ece', 'agreement', 'kl'].map((name) => `validation.${name}`),
  ])('metric %s is accepted', (metric) => {
    expect(refusal({ temperature: watching(metric) })).toBe('none');
  });
});
