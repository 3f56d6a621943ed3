import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import { nativeConditions } from './conditions.js';
import { compiledEngine } from './engine.js';

test('the conditions of a run name everything that its bits depend on', () => {
  expect(nativeConditions()).toMatch(
    /^TensorFlow \d+\.\d+\.\d+, \d+ threads?, (with|without) oneDNN( \(\w+\))?, (with|without) own kernels( \(\w+\))?$/,
  );
  expect(compiledEngine().conditions).toBe(nativeConditions());
});
