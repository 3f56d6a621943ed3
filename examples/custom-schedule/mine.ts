import { definePlugin, defineSchedule, defineWeighting, progressOf } from '@temper/core';
import { z } from 'zod';

/** Breathes out: swings around a falling line, and ends exactly at `to`. */
const breathing = defineSchedule({
  type: 'breathing',
  options: z.object({ from: z.number(), to: z.number(), swings: z.int().min(1).default(3), depth: z.number().min(0).max(1).default(0.3) }),
  create:
    ({ from, to, swings, depth }) =>
    (at) => {
      const p = progressOf(at);
      if (p === 1) return to;
      const line = from + (to - from) * p;
      return line * (1 + depth * (1 - p) * Math.sin(2 * Math.PI * swings * p));
    },
});

/** Trusts the teacher for a while, then the labels. */
const handOver = defineWeighting({
  type: 'hand-over',
  options: z.object({ after: z.number().min(0).max(1).default(0.5) }),
  create:
    ({ after }) =>
    (at) =>
      progressOf(at) < after ? { soft: 0.9, hard: 0.1 } : { soft: 0.3, hard: 0.7 },
});

export const mine = definePlugin({ name: 'mine', provides: [breathing, handOver] });
