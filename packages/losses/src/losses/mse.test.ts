import '@tensorflow/tfjs-node';
import { checkLoss } from '@temper/testing';
import { test } from 'vitest';
import { mse } from './mse.js';

test('mse keeps the laws of a loss', () => {
  checkLoss(mse, { zeroWhenEqual: true });
});
