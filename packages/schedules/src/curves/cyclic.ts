import { defineSchedule, progressOf } from '@temper/core';
import { z } from 'zod';
import { period, updatesIn } from '../length.js';
import { withinTotal } from '../local-progress.js';
import { positive, value } from '../options.js';

/**
 * Repeats a curve. `triangle` goes from `from` to `to` and back in every cycle (arXiv 1506.01186); `restarts` goes from
 * `from` to `to` along half a cosine, then jumps back (arXiv 1608.03983). With cycle k from 0 and progress q in it:
 * triangle: from + (to − from)·decay^k·(1 − |2q − 1|); restarts: to + (from − to)·decay^k·(1 + cos πq)/2.
 * @example cyclic({ from: 1, to: 9, cycles: 2 })({ step: 25, total: 101 }) // 9, the first peak
 */
export const cyclic = defineSchedule({
  type: 'cyclic',
  options: z
    .strictObject({
      from: value,
      to: value,
      shape: z
        .enum(['triangle', 'restarts'])
        .default('triangle')
        .describe('triangle: to the other end and back; restarts: along a ' + 'cosine, then a ' + 'jump back'),
      cycles: z.int().min(1).max(1e6).optional().describe('number of cycles in the stage'),
      cycle: period.optional().describe('length of the first cycle'),
      decay: positive.max(1).default(1).describe('factor of the height from one cycle to the next'),
      growth: z.number().min(1).max(100).default(1).describe('factor of the length from one cycle to the next'),
    })
    .refine(
      ({ cycles, cycle }) => (cycles === undefined) !== (cycle === undefined),
      'must have either cycles (their number in the stage) or cycle (the length of the first one)',
    )
    .describe(
      '[`cycles` ]cycles[ of `cycle`] between `from` and `to` (`shape`), height times `decay` and length times `growth` ' +
        'from one to the next',
    ),
  create({ from, to, shape, cycles, cycle, decay, growth }) {
    const wave = shapes[shape];
    const [rest, peak] = shape === 'triangle' ? [from, to] : [to, from];
    // Cycle k begins at update round(unit · cyclesToUnits(k)).
    const cyclesToUnits = (k: number): number => (growth === 1 ? k : (growth ** k - 1) / (growth - 1));
    const unitsToCycles = (units: number): number => (growth === 1 ? units : Math.log1p(units * (growth - 1)) / Math.log(growth));
    const updates = cycle === undefined ? undefined : updatesIn(cycle);
    const share = cycles === undefined ? 0 : 1 / cyclesToUnits(cycles);
    return (at) => {
      const { step } = withinTotal(at);
      const unit = updates === undefined ? share * at.total : updates(at);
      const begin = (k: number): number => Math.round(unit * cyclesToUnits(k));
      let k = Math.max(0, Math.floor(unitsToCycles((step + 0.5) / unit)));
      while (k > 0 && begin(k) > step) k--; // The logarithm may round across the border.
      while (begin(k + 1) <= step) k++;
      const q = progressOf({ step: step - begin(k), total: begin(k + 1) - begin(k) });
      const height = wave(q) * decay ** k;
      return height === 0 ? rest : height === 1 ? peak : rest + (peak - rest) * height;
    };
  },
});

const shapes = {
  triangle: (q: number): number => 1 - Math.abs(2 * q - 1),
  restarts: (q: number): number => (q === 1 ? 0 : (1 + Math.cos(Math.PI * q)) / 2),
};
