import '@tensorflow/tfjs-node';
import type { AnyDefinition } from '@temper/core';
import { checkSchedule, type ScheduleCheckOptions } from '@temper/testing';
import { test } from 'vitest';
import { schedules } from './index.js';

// More cases by TEMPER_LAW_RUNS; these are enough for every change.
const runs = Number(process.env['TEMPER_LAW_RUNS'] ?? 30);
const definitions: readonly AnyDefinition[] = schedules.provides;

const constantEnds: ScheduleCheckOptions = { ends: ({ value }) => ({ start: value as number, end: value as number }) };

/** What is special about a definition: its ends where `from` and `to` do not say them, or what cannot be guessed. */
const special: Readonly<Record<string, ScheduleCheckOptions>> = {
  constant: constantEnds,
  hold: constantEnds,
  // Cycles of a length of their own need not end with the stage, and a cycle of one update is its end.
  cyclic: {
    ends: ({ from, to, shape = 'triangle', cycles }) => {
      const isTriangle = shape === 'triangle';
      const end = (isTriangle ? from : to) as number;
      return { ...(isTriangle ? { start: from as number } : {}), ...(cycles === undefined ? {} : { end }) };
    },
  },
  'warm-up-hold-decay': { ends: false },
  'student-teacher-gap': { ends: false },
  dts: {
    examples: [{ from: 8 }, { from: 4, min: 2, max: 4, rule: 'code' }, { from: 3, min: 0.05, max: 1000, momentum: 0, curve: 0.65 }],
  },
  plateau: {
    examples: [{ from: 8 }, { from: 2, factor: 2, patience: 0, cooldown: 1, mode: 'min', metric: 'validation.nll', threshold: 0.1 }],
  },
};

test.each(definitions.map((definition) => [definition.type, definition] as const))('%s keeps the laws', (type, definition) => {
  checkSchedule(definition, { runs, ...special[type] });
});
