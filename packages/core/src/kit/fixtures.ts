import { expect } from 'vitest';
import { z } from 'zod';
import { TemperError } from '../errors.js';
import { progressOf } from '../progress.js';
import type { TemperatureSchedule } from '../contracts/schedule.js';
import { defineLoss, definePlugin, defineSchedule, defineTemperature, defineWeighting } from './define.js';
import { createKit } from './kit.js';

export const line = defineSchedule({
  type: 'line',
  options: z.object({ from: z.number(), to: z.number().default(1) }),
  create:
    ({ from, to }) =>
    (at) =>
      from + (to - from) * progressOf(at),
});
export const chain = defineSchedule({
  type: 'chain',
  options: (ref) => z.object({ of: z.array(ref.schedule).min(1), weights: z.record(z.string(), ref.schedule).optional() }),
  shorthand: 'of',
  create:
    ({ of }) =>
    (at) =>
      of.reduce((sum, part) => sum + part(at), 0),
});
export const plain = defineSchedule({ type: 'plain', options: z.object({}), create: () => () => 7 });
export const gauge = defineTemperature({
  type: 'gauge',
  options: z.object({}),
  create: (): TemperatureSchedule => ({ scalars: () => ({}), temperature: ({ student }) => student }),
});
export const share = defineWeighting({
  type: 'share',
  options: z.object({ soft: z.number().min(0).max(1) }),
  create:
    ({ soft }) =>
    () => ({ soft, hard: 1 - soft }),
});
export const zero = defineLoss({
  type: 'zero',
  options: z.object({}),
  create:
    () =>
    ({ student }) =>
      student,
});
export const basics = definePlugin({ name: 'basics', provides: [line, chain, plain, gauge, share, zero] });
export const kit = createKit({ plugins: [basics] });

export const errorOf = (body: () => unknown): TemperError => {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(TemperError);
    return error as TemperError;
  }
  throw new Error('nothing was thrown');
};
