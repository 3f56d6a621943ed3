import util from 'node:util';
import { expect, test } from 'vitest';
import { restoreLegacyUtil } from './legacy-util.js';

test('the legacy util functions that tfjs-node calls exist with their old meaning', () => {
  restoreLegacyUtil();
  const { isNullOrUndefined, isArray } = util as unknown as Record<'isNullOrUndefined' | 'isArray', (value: unknown) => boolean>;
  expect([null, undefined, 0, '', NaN, []].map(isNullOrUndefined)).toEqual([true, true, false, false, false, false]);
  expect([[], { length: 0 }, null].map(isArray)).toEqual([true, false, false]);
});
