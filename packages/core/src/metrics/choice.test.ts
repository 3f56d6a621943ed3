import { describe, expect, test } from 'vitest';
import { choiceOf, isBetter } from './choice.js';
import { defaultMetrics } from './index.js';
import { nll } from './nll.js';
import { topK } from './top-k.js';

const names = (...given: Parameters<typeof choiceOf>): string[] => choiceOf(...given).map(({ name }) => name);

describe('the choice of the best weights', () => {
  test.each([
    ['best', defaultMetrics(), ['accuracy', 'nll']],
    ['best', [topK(), nll()], ['top5']],
    [{ by: 'nll' }, defaultMetrics(), ['nll']],
    ['last', defaultMetrics(), []],
  ] as const)('the choice by %j uses the measured metrics', (keep, metrics, expected) => {
    expect(names(keep, metrics)).toEqual(expected);
  });

  const [byAccuracy, byNll] = [choiceOf('best', defaultMetrics()), choiceOf({ by: 'nll' }, defaultMetrics())];
  test.each([
    [byAccuracy, { accuracy: 0.8, nll: 2 }, { accuracy: 0.7, nll: 1 }, true],
    [byAccuracy, { accuracy: 0.8, nll: 1 }, { accuracy: 0.8, nll: 2 }, true],
    [byAccuracy, { accuracy: 0.8, nll: 1 }, { accuracy: 0.8, nll: 1 }, false],
    [byNll, { accuracy: 0.1, nll: 1 }, { accuracy: 0.9, nll: 2 }, true],
    [byNll, { accuracy: 0.9, nll: 2 }, { accuracy: 0.1, nll: 1 }, false],
    [byNll, { nll: 9 }, { accuracy: 0.1 }, true],
    [byNll, { nll: 9 }, undefined, true],
  ] as const)('the choice follows the direction of its metric (case %#)', (choice, one, other, expected) => {
    expect(isBetter(choice, one, other)).toBe(expected);
  });
});
