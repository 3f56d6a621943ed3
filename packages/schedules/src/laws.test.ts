import '@tensorflow/tfjs-node';
import { checkSchedule, type ScheduleCheckOptions } from '@temper/core/testing';
import { test } from 'vitest';
import * as index from './index.js';

const anyLengths = { ends: false } as const;

/** What the options `from` and `to` mean where they are not simply the two ends. */
const special: Readonly<Record<string, ScheduleCheckOptions>> = {
  constant: { ends: ({ value }) => ({ start: value as number, end: value as number }) },
  hold: { ends: ({ value }) => ({ start: value as number, end: value as number }) },
  cyclic: anyLengths,
  'warm-up-hold-decay': anyLengths,
  'student-teacher-gap': anyLengths,
  // Which metrics there are only a run can say.
  plateau: { examples: [{ from: 8 }, { from: 2, factor: 2, patience: 0, cooldown: 1, mode: 'min', metric: 'validation.nll', threshold: 0.1 }] },
};

test.each(index.schedules.provides.map((definition) => [definition.type, definition] as const))('%s keeps the laws', (type, definition) => {
  checkSchedule(definition, { runs: 30, ...special[type] });
});
