import type { ComparisonInput } from '../comparison/comparison-schema.js';

const constants = [1, 2, 4, 8, 20];
const soft = (options: object): object => ({ hard: { type: 'cross-entropy' }, soft: { type: 'kl', ...options } });
const falling = { type: 'linear', from: 20, to: 1 };

/**
 * Tests whether a temperature schedule helps: constant temperatures against falling, rising, cyclic and adaptive ones, with the same
 * budget for each. The baseline is the best constant on validation data, so a schedule has to beat a search over constants. The direction
 * of KL and its factor T² vary too, since they change the effect of a temperature on the gradient (arXiv 2606.00306, 2603.02430).
 */
export const scheduleVsConstant: ComparisonInput = {
  name: 'schedule-vs-constant',
  seeds: 5,
  baseline: { bestOf: constants.map((T) => `T = ${T}`) },
  variants: {
    ...Object.fromEntries(constants.map((T) => [`T = ${T}`, { temperature: T }])),
    'falling 20 to 1': { temperature: falling },
    'falling 20 to 1, cosine': { temperature: { type: 'cosine', from: 20, to: 1 } },
    'rising 1 to 20': { temperature: { type: 'linear', from: 1, to: 20 } },
    'cyclic 1 to 20': { temperature: { type: 'cyclic', from: 1, to: 20, cycles: 3 } },
    'learned (ctkd)': { temperature: { type: 'ctkd' } },
    'by sharpness (dtkd)': { temperature: { type: 'dtkd', base: 4 } },
    'T = 4, without T²': { temperature: 4, losses: soft({ scale: 'none' }) },
    'falling 20 to 1, without T²': { temperature: falling, losses: soft({ scale: 'none' }) },
    'T = 4, reverse KL': { temperature: 4, losses: soft({ direction: 'reverse' }) },
    'falling 20 to 1, reverse KL': { temperature: falling, losses: soft({ direction: 'reverse' }) },
  },
};
