import { describe, expect, test } from 'vitest';
import { createKit } from '../kit/kit.js';
import { adam } from './adam.js';
import { sgd } from './sgd.js';

describe('bad options', () => {
  const kit = createKit({ plugins: [] });
  test.each([
    [{ type: 'sgd' }, 'optimizer.learningRate: is missing'],
    [{ type: 'sgd', learningRate: -1 }, 'optimizer.learningRate: must be a finite number at least 0'],
    [{ type: 'adam', learningRate: 'fast' }, 'optimizer.learningRate: must be'],
    [{ type: 'sgd', learningRate: 0.1, momentum: 1 }, 'optimizer.momentum: must be a finite number below 1, got 1'],
    [{ type: 'sgd', learningRate: 0.1, momentum: Number.NaN }, 'optimizer.momentum: must be a finite number, got NaN'],
    [{ type: 'sgd', learningRate: 0.1, nesterov: true }, 'optimizer.nesterov: needs a momentum above 0'],
    [{ type: 'sgd', learningRate: 0.1, weightDecay: -0.1 }, 'optimizer.weightDecay: must be a finite number at least 0'],
    [{ type: 'adam', learningRate: 0.1, beta1: 1 }, 'optimizer.beta1: must be a finite number below 1'],
    [{ type: 'adam', learningRate: 0.1, beta2: -0.1 }, 'optimizer.beta2: must be a finite number at least 0'],
    [{ type: 'adam', learningRate: 0.1, epsilon: 0 }, 'optimizer.epsilon: must be a finite number at least 1e-30'],
    [{ type: 'adam', learningRate: 0.1, weightDecay: 0.1 }, 'unknown option "weightDecay"'],
    [{ type: 'adamw', learningRate: 0.1, decay: 'kernel' }, 'did you mean "kernels"?'],
    [{ type: 'adamx', learningRate: 0.1 }, 'did you mean "adam'],
  ])('the config %o is refused', (config, message) => {
    expect(() => kit.build('optimizer', config, ['optimizer'])).toThrow(message);
  });
  test('the functions of optimizers refuse the same options', () => {
    expect(() => sgd(-1)).toThrow('learningRate: must be a finite number at least 0');
    expect(() => adam({ learningRate: 0.1, beta1: 2 })).toThrow('adam.beta1');
  });
});
