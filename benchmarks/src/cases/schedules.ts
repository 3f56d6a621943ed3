import type { Schedule } from '@temper/core';
import { linear, sequence } from '@temper/schedules';
import type { Case } from '../cases.js';
import { batched } from '../measure.js';

const total = 10_000;

const evaluation = (name: string, limitMs: number, make: () => Schedule): Case => ({
  name,
  against: { limitMs },
  goal: 1,
  prepare() {
    const schedule = make();
    return batched((i) => schedule({ step: i % total, total }), 10_000);
  },
});

export const scheduleCases: readonly Case[] = [
  evaluation('one evaluation of a schedule', 0.001, () => linear({ from: 20, to: 1 })),
  evaluation(
    'one evaluation of a composite of ten',
    0.005,
    () => sequence(Array.from({ length: 10 }, (_, i) => linear({ from: 20 - i, to: 19 - i }))) as Schedule,
  ),
];
