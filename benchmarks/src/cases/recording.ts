import { compiledEngine } from '@temper/node';
import type { Case } from '../cases.js';
import { distillationUpdate } from '../distillation-update.js';
import { partsOf } from '../networks.js';

const mostMs = 500;

/** The first update of a step, which records it, beyond what an update costs anyway. */
export const recordingCases: readonly Case[] = (['mlp-adam', 'cnn-adam', 'resnet', 'transformer'] as const).map((key) => ({
  name: `recording the step: ${key}`,
  against: { limitMs: mostMs },
  goal: 1,
  prepare: () => ({
    times() {
      const { run, dispose } = distillationUpdate(compiledEngine(), partsOf(key));
      const [first, , third] = Array.from({ length: 3 }, () => {
        const start = performance.now();
        run();
        return performance.now() - start;
      }) as [number, number, number];
      dispose();
      return [first - third];
    },
    dispose: () => undefined,
  }),
}));
