import '@tensorflow/tfjs-node';
import { createKit, defineOptimizer, definePlugin, type StepsEvent } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { losses } from '../index.js';
import { blobs, network } from '../testing/small-run.js';

const kit = createKit({ plugins: [losses] });
type Run = Parameters<typeof kit.run>[0];

/** Trains a teacher on the labels, and a student by `config`; gives how the student agrees with the teacher, and its updates. */
async function distil(config: Run): Promise<{ agreement: number; steps: readonly StepsEvent[] }> {
  const steps: StepsEvent[] = [];
  const [teacher, student] = [network('teacher', 8), network('student', 4)];
  try {
    const common = { batchSize: 20, temperature: 2, optimizer: { type: 'adam', learningRate: 0.03 } } as const;
    await kit.run({ ...common, epochs: 6 }, { data: blobs(), student: teacher });
    const reporters = [
      { name: 'seen', report: (event: { type: string }) => void (event.type === 'steps' && steps.push(event as StepsEvent)) },
    ];
    const result = await kit.run({ ...common, epochs: 8, ...config }, { data: blobs(), teacher, student, reporters });
    return { agreement: result.test['agreement'] ?? NaN, steps };
  } finally {
    teacher.dispose();
    student.dispose();
  }
}

describe('training', () => {
  const alone: readonly NonNullable<Run['losses']>[string][] = [
    { type: 'adaptive-kl' },
    { type: 'annealing-kd', maxTemperature: 2, temperature: 1 },
    { type: 'consistency', temperature: 1 },
    { type: 'cosine' },
    { type: 'cross-entropy', labelSmoothing: 0.1 },
    { type: 'dist' },
    { type: 'dkd' },
    { type: 'generalized-jsd' },
    { type: 'kl' },
    { type: 'kl', direction: 'reverse', scale: 'initial', temperature: 3 },
    { type: 'logit-standardization', of: { type: 'kl', temperature: 1 } },
    { type: 'mae' },
    { type: 'mse' },
    { type: 'multi-level-logits', temperatures: [2, 3] },
    { type: 'skew-kl' },
    { type: 'skew-kl', direction: 'reverse', skew: 0.2 },
    { type: 'soft-cross-entropy' },
    { type: 'taid' },
    { type: 'todi' },
    { type: 'top-k-kl', k: 2 },
    { type: 'ttm' },
    { type: 'wsl' },
    { type: 'wttm' },
  ];
  test.each(alone.map((loss) => [JSON.stringify(loss), loss] as const))('a student trains with %s', async (_, loss) => {
    await expectNoLeakedTensors(async () => {
      const { agreement, steps } = await distil({ losses: { only: loss }, weighting: { only: 1 } });
      expect(agreement).toBeGreaterThan(0.75);
      expect(steps.every(({ loss: value }) => Number.isFinite(value))).toBe(true);
    });
  });

  test.each([
    { type: 'fitnets', student: 'hidden', teacher: 'hidden' },
    { type: 'channel-wise', student: 'hidden', teacher: 'hidden', over: 'channels', temperature: 2 },
    { type: 'rkd', student: 'hidden', teacher: 'hidden' },
    { type: 'similarity-preserving', student: 'hidden', teacher: 'hidden' },
    { type: 'pkt', layers: [['hidden', 'hidden']], weights: [100] },
    { type: 'correlation-congruence', layers: [['hidden', 'hidden']] },
    { type: 'crd', layers: [['hidden', 'hidden']], dimension: 8, temperature: 0.5 },
  ] as const)('a student trains with $type next to a cross-entropy', async (hint) => {
    await expectNoLeakedTensors(async () => {
      const { agreement, steps } = await distil({ losses: { hard: { type: 'cross-entropy' }, hint }, weighting: { hard: 1, hint: 1 } });
      expect(agreement).toBeGreaterThan(0.75);
      if (hint.type === 'fitnets') expect(steps.at(-1)?.losses['hint']).toBeLessThan(0.7 * (steps[0]?.losses['hint'] as number));
    });
  });
});

test('each loss can have its own temperature and warm-up', async () => {
  await expectNoLeakedTensors(async () => {
    const { steps } = await distil({
      losses: { hot: { type: 'kl', temperature: 8 }, cold: { type: 'kl' }, late: { type: 'dkd', warmup: 0.5 } },
      weighting: { hot: 1, cold: 1, late: 1 },
    });
    const last = steps.at(-1) as StepsEvent;
    expect(last.scalars['losses.hot.temperature.value']).toBe(8);
    expect(last.scalars['losses.late.warmup']).toBe(0.5);
  });
});

test('an optimizer with separate losses knows which parameters each loss reaches', async () => {
  let seen: Readonly<Record<string, readonly boolean[]>> | undefined;
  const apart = defineOptimizer({
    type: 'apart',
    options: z.strictObject({}),
    create: () => ({
      learningRate: () => 0,
      init: () => ({ variables: {}, apply: () => undefined, applyPerLoss: (_gradients, _rate, reaches) => void (seen = reaches) }),
    }),
  });
  const own = createKit({ plugins: [losses, definePlugin({ name: 'own', provides: [apart] })] });
  await expectNoLeakedTensors(async () => {
    const [teacher, student] = [network('teacher', 8), network('student', 4)];
    const hint = { type: 'fitnets', student: 'hidden', teacher: 'hidden' } as const;
    await own.run(
      {
        losses: { hard: { type: 'cross-entropy' }, hint },
        weighting: { hard: 1, hint: 1 },
        optimizer: { type: 'apart' },
        temperature: 1,
        epochs: 1,
      },
      { data: blobs(), teacher, student },
    );
    teacher.dispose();
    student.dispose();
  });
  // Two layers of the student, and the map to the teacher's width.
  expect(seen).toEqual({ hard: [true, true, false, false], hint: [true, false, true, true] });
});

test('an error of a loss names the loss', async () => {
  const hint = { type: 'fitnets', student: 'nowhere', teacher: 'hidden' } as const;
  await expect(distil({ losses: { hint }, weighting: { hint: 1 } })).rejects.toThrow(
    'losses.hint: the student gave no output of its layer "nowhere"; it gave hidden',
  );
});

test('a temperature is reported only when a loss can read it', async () => {
  await expectNoLeakedTensors(async () => {
    const named = async (config: Run): Promise<boolean> => 'temperature.value' in ((await distil(config)).steps[0] as StepsEvent).scalars;
    expect(await named({ losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 } })).toBe(false);
    expect(await named({})).toBe(true);
  });
});
