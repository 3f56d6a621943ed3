import { createKit } from '@temper/core';
import { expect } from 'vitest';
import { cosine, linear, schedules, warmUpHoldDecay } from './index.js';
import { golden, expectClose } from './testing/golden.js';

const kit = createKit({ plugins: [schedules] });

golden<{ kind: string; start: number; end: number; steps: number; power?: number }, { values: number[] }>(
  'schedules',
  ({ kind, start, end, steps, power }, { values }) => {
    const config =
      kind === 'constant' ? { type: kind, value: end } : { type: kind, from: start, to: end, ...(power === undefined ? {} : { power }) };
    const schedule = kit.build('schedule', config);
    const got = values.map((_, step) => schedule({ step, total: steps }));
    expectClose(got, values, 1e-12, 1e-12);
    expect(got.at(-1)).toBe(end);
  },
);

interface WarmUp {
  readonly warmupSteps: number;
  readonly holdSteps: number;
  readonly steps: number;
  readonly start: number;
  readonly peak: number;
  readonly end: number;
  readonly decay: 'linear' | 'cosine';
}
golden<WarmUp, { values: number[] }>(
  'schedule_warmup_hold_decay',
  ({ warmupSteps, holdSteps, steps, start, peak, end, decay }, { values }) => {
    const schedule = warmUpHoldDecay({ from: start, peak, to: end, warmUp: { steps: warmupSteps }, hold: { steps: holdSteps }, decay });
    const got = values.map((_, step) => schedule({ step, total: steps }));
    expectClose(got, values, 1e-12, 1e-12);
    expect(got.at(-1)).toBe(values.at(-1));
  },
);

golden<{ kind: 'cosine' | 'linear'; loops: number; epochs: number[] }, { lambda: number[] }>(
  'ctkd_lambda_schedule',
  ({ kind, loops, epochs }, { lambda }) => {
    // The authors' linear form stops one epoch short of 1; written with its last value it is an ordinary line.
    const schedule = kind === 'cosine' ? cosine({ from: 0, to: 1 }) : linear({ from: 0, to: (loops - 1) / loops });
    const total = kind === 'cosine' ? loops + 1 : loops;
    expectClose(
      epochs.map((step) => schedule({ step, total })),
      lambda,
      1e-12,
      1e-12,
    );
  },
);
