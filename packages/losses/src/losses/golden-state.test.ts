import type { Json, Schedule } from '@temper/core';
import { describe, expect, test } from 'vitest';
import { taid } from './taid.js';
import { casesOf, hasGolden, type HostCase } from '../../../../fixtures/golden.js';

const near = (got: number, want: number): boolean => Math.abs(got - want) <= 1e-9 * Math.abs(want) + 1e-12;

describe.skipIf(!hasGolden)('golden states (skipped where ../shared/golden is absent)', () => {
  interface Share {
    readonly losses: number[];
    readonly start: number;
    readonly end: number;
    readonly alpha: number;
    readonly beta: number;
    readonly adaptive: boolean;
    readonly totalSteps: number;
    readonly firstStep: number;
  }
  test.each(casesOf<HostCase<Share, { share: number[]; momentum: number[] }>>('taid_schedule'))(
    'the share of taid equals its golden numbers: $name',
    ({ inputs: { start, end, alpha, beta, adaptive, totalSteps, firstStep, losses: seen }, expected }) => {
      const line: Schedule = ({ step, total }) => start + ((end - start) * step) / total;
      const loss = taid({ share: line, ...(adaptive ? { adaptive: { rate: alpha, momentum: beta, end } } : {}) });
      let state: Json = loss.state?.initial ?? null;
      seen.forEach((crossEntropy, i) => {
        const at = { step: firstStep + i, total: totalSteps };
        state = JSON.parse(JSON.stringify(loss.state?.observe(state, { crossEntropy }, at) ?? null)) as Json;
        const after = adaptive ? ((state as { share: number | null }).share ?? start) : (loss.scalars?.(at, state)['share'] as number);
        expect(near(after, expected.share[i] as number), `share ${i}: got ${after}, want ${expected.share[i]}`).toBe(true);
        if (!adaptive) return;
        const { momentum } = state as { momentum: number };
        expect(near(momentum, expected.momentum[i] as number), `momentum ${i}: got ${momentum}, want ${expected.momentum[i]}`).toBe(true);
      });
    },
  );
});
