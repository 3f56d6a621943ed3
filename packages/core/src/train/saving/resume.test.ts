import '@tensorflow/tfjs-node';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CheckpointStore } from '../../contracts/checkpoint.js';
import type { RunEvent, RunControls, RunStore } from '../../contracts/events.js';
import type { TemperatureSchedule } from '../../contracts/schedule.js';
import type { Json } from '../../json.js';
import { definePlugin, defineTemperature } from '../../kit/define.js';
import { createKit } from '../../kit/kit.js';
import { run } from '../fixtures/fixture-run.js';
import { basicRun, basics, blobs, recorder } from '../fixtures/basic-run.js';
import { memoryStore, stopAfter, stoppingAfter, withStore } from '../fixtures/memory-store.js';

const everything = {
  epochs: undefined,
  optimizer: { type: 'adam', learningRate: { type: 'linear', from: 0.05, to: 0.01 } },
  stages: [
    { name: 'broad', epochs: 2, temperature: { type: 'linear', from: 20, to: 4 } },
    {
      name: 'focus',
      steps: 7,
      temperature: { type: 'linear', from: 4, to: 1 },
      weighting: { soft: 0.5, hard: { type: 'linear', from: 0, to: 1 } },
    },
  ],
  ema: 0.9,
  clipNorm: 1,
  accumulate: 2,
  deterministic: true,
};

describe('stopping and resuming', () => {
  property.prop([fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 4 })], { numRuns: 8 })(
    'a run that is stopped anywhere and resumed ends with the same bits and records',
    async (stops) => {
      const whole = memoryStore();
      const { weights, result } = await run(everything, withStore(whole));
      const store = memoryStore();
      let ended = false;
      for (const [i, updates] of stops.entries()) {
        if (!ended) ended = await stopAfter(everything, store, updates, i > 0);
      }
      if (ended) return;
      const resumed = await run(everything, { ...withStore(store), resume: true });
      expect(resumed.weights).toEqual(weights);
      expect(resumed.result.test).toEqual(result.test);
      expect(resumed.result.chosen).toEqual(result.chosen);
      const evaluations = (lines: Json[]): Json[] => lines.filter((line) => (line as { type: string }).type === 'evaluation');
      expect(evaluations(store.lines)).toEqual(evaluations(whole.lines));
    },
  );

  test('a run that ended before its first checkpoint begins again', async () => {
    const store = memoryStore();
    await store.open(null);
    const { weights } = await run(everything, withStore(memoryStore()));
    const begun = memoryStore();
    await run(everything, withStore(begun));
    begun.written.length = 0;
    begun.finish = async () => undefined;
    const again = { ...begun, reopen: async () => ({ config: (await begun.reopen?.())?.config ?? null, finished: false }) };
    expect((await run(everything, { ...withStore(again), resume: true })).weights).toEqual(weights);
  });

  test('a checkpoint with an uncorrected average resumes with a warning', async () => {
    const store = memoryStore();
    expect(await stopAfter(everything, store, 14, false)).toBe(false);
    const old = store.written.map((checkpoint) => {
      const state = checkpoint.state as unknown as { fit: { averaged?: number; updates: number } };
      const { averaged: _, ...fit } = state.fit;
      return { ...checkpoint, state: { ...state, fit } as unknown as Json };
    });
    store.written.splice(0, store.written.length, ...old);
    const { updates } = (old.at(-1)?.state as unknown as { fit: { updates: number } }).fit;
    const { result, weights } = await run(everything, { ...withStore(store), resume: true });
    expect(result.warnings).toEqual([
      expect.stringContaining(
        `written by an older version, in whose average (ema 0.9) the untrained weights still have a share of ` +
          `${(100 * 0.9 ** updates).toPrecision(2)} %`,
      ),
    ]);
    expect(weights.every(Number.isFinite)).toBe(true);
  });

  test('training that early stopping has ended stays ended with its best weights', async () => {
    const stopping = { epochs: 60, earlyStopping: { metric: 'nll', patience: 1, minDelta: 0.05 } };
    const store = memoryStore();
    const unfinished: RunStore = { ...store, finish: () => Promise.reject(new Error('killed')) };
    await expect(run(stopping, withStore(unfinished))).rejects.toThrow('killed');
    const { weights, result } = await run(stopping, withStore(memoryStore()));
    const resumed = await run(stopping, { ...withStore(store), resume: true });
    expect(resumed.weights).toEqual(weights);
    expect([resumed.result.steps, resumed.result.test]).toEqual([result.steps, result.test]);
  });

  test('a policy that reacts to losses sees all of them after a resume', async () => {
    const reacting = definePlugin({
      name: 'reacting',
      provides: [
        defineTemperature({
          type: 'by-loss',
          options: z.object({}),
          create: (): TemperatureSchedule => ({
            scalars: (_at, state) => ({ value: state as number }),
            state: { initial: 4, observe: (_state, seen) => 1 + (seen['loss'] as number) },
          }),
        }),
      ],
    });
    const own = createKit({ plugins: [basics, reacting] });
    const config = {
      ...basicRun,
      teacher: { model: { type: 'dense' }, train: { epochs: 1 } },
      temperature: { type: 'by-loss' },
      keep: 'last',
      deterministic: true,
    } as const;
    // So long epochs that losses are read back less often than every update.
    const perEpoch = 25;
    const train = async (options: Parameters<typeof own.run>[1]) => {
      const { student, teacher } = await own.run(config, { data: blobs({ train: 16 * perEpoch }), ...options });
      const weights = student.parameters.flatMap((variable) => [...variable.dataSync()]);
      student.dispose();
      teacher?.dispose();
      return weights;
    };
    const weights = await train({});
    for (const stopAt of [1, 2, 3, 10, 14, 30]) {
      const store = memoryStore();
      await expect(train(stoppingAfter(perEpoch + stopAt, store))).rejects.toMatchObject({ code: 'run/stopped' });
      expect(await train({ ...withStore(store), resume: true }), `stopped at ${stopAt}`).toEqual(weights);
    }
  });

  test('a changed config is refused by name and allowed by name', async () => {
    const store = memoryStore();
    const { weights: short } = await run({ keep: 'last' }, withStore(store));
    const longer = { keep: 'last', epochs: 6 };
    await expect(run(longer, { ...withStore(store), resume: true })).rejects.toThrow(
      /stages\[0\]\.epochs: 3 → 6[\s\S]*allow these changes: --allow PATH on the command line, resume: \{ force: \['PATH'\] \} in code/,
    );
    await expect(run(longer, { ...withStore(store), resume: { force: ['seed'] } })).rejects.toMatchObject({
      code: 'run/changed',
      fault: 'user',
    });
    await expect(run({ keep: 'last' }, { ...withStore(store), resume: true })).rejects.toThrow('is finished; there is nothing to resume');
    const seen = recorder();
    const { weights, result } = await run(longer, { ...withStore(store), resume: { force: ['stages[0].epochs'] }, reporters: [seen] });
    expect(result.steps).toBe(24);
    expect(weights).not.toEqual(short);
    expect(seen.of('run-start')[0]).toMatchObject({ resumedAt: 12, resumedIn: 'student' });
    // Progress is that of the new length: update 12 of 24.
    expect(seen.of('steps')[0]?.scalars['temperature.value']).toBeCloseTo(20 - 19 * (12 / 23), 9);
  });

  test('a checkpoint that cannot be written gives a warning, and training continues', async () => {
    const store = memoryStore();
    let tries = 0;
    const failing: RunStore = {
      ...store,
      checkpoints: {
        ...(store.checkpoints as CheckpointStore),
        write: async () => {
          tries += 1;
          throw new Error('disk full');
        },
      },
    };
    const { result } = await run({}, withStore(failing));
    expect(tries).toBeGreaterThan(1);
    expect(result.warnings[0]).toMatch(
      /the checkpoint at update \d+ could not be written; training continues, and earlier checkpoints are valid\. disk full/,
    );
  });

  test('reporters can stop, save and evaluate', async () => {
    const store = memoryStore();
    const seen: RunEvent[] = [];
    const reporter = {
      name: 'curious',
      report(event: RunEvent, controls: RunControls) {
        seen.push(event);
        if (event.type !== 'steps' || event.stage !== 'student') return;
        if (event.step === 1) controls.evaluate();
        if (event.step === 2) controls.save();
        if (event.step === 6) controls.stop('seen enough');
      },
    };
    await expect(run({ checkpoints: { every: { epochs: 100 } } }, { ...withStore(store), reporters: [reporter] })).rejects.toThrow(
      /stopped on request.*after update 6 of 12 \(seen enough\)/,
    );
    const kinds = seen
      .filter(({ type }) => ['evaluation', 'checkpoint'].includes(type))
      .map((event) => `${event.type} ${'step' in event ? event.step : ''}`);
    expect(kinds).toEqual(expect.arrayContaining(['evaluation 1', 'checkpoint 2', 'checkpoint 6']));
  });
});
