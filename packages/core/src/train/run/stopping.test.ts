import '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import type { RunStore } from '../../contracts/events.js';
import { run } from '../fixtures/fixture-run.js';
import { recorder } from '../fixtures/basic-run.js';
import { memoryStore, stopAfter, withStore } from '../fixtures/memory-store.js';
import { endOf, scheduleStep } from '../loop/finish.js';
import { sayStop } from '../loop/say-stop.js';

const impatient = { metric: 'nll', patience: 1, minDelta: 10 } as const;

/** A store whose run is killed before it is finished. */
const killed = (store: RunStore): RunStore => ({ ...store, finish: () => Promise.reject(new Error('killed')) });

describe('early stopping', () => {
  test('early stopping is reported with the schedules that did not end', async () => {
    const seen = recorder();
    const store = memoryStore();
    const temperature = { type: 'linear', from: 20, to: 1 };
    const { result } = await run({ epochs: 10, temperature, earlyStopping: impatient }, { ...withStore(store), reporters: [seen] });
    const [stop] = seen.of('stop');
    expect(stop).toMatchObject({
      network: 'student',
      rule: 'earlyStopping',
      reason: 'nll has not improved by more than 10 for 1 evaluation',
      epoch: 2,
      stageStep: 8,
      stageSteps: 40,
      best: { epoch: 2, step: 8 },
      schedules: [{ name: 'temperature', from: 20, to: 1 }],
    });
    expect(stop?.schedules[0]?.reached).toBeCloseTo(20 - (19 * 7) / 39);
    expect(result.stops).toHaveLength(1);
    expect(store.lines).toContainEqual(expect.objectContaining({ type: 'stop', rule: 'earlyStopping' }));
    expect(sayStop(result.stops[0] as never).join('\n')).toMatch(
      /stopped early by earlyStopping: nll has not improved by .*\n.*update 8 of 40.*\n {2}temperature reached 16\.6 of 20 → 1$/,
    );
  });

  test('early stopping names the stages that are not trained', async () => {
    const { result } = await run({
      epochs: undefined,
      stages: [
        { name: 'a', epochs: 5 },
        { name: 'b', epochs: 2 },
      ],
      earlyStopping: impatient,
    });
    expect(result.stops).toMatchObject([{ stage: 'a', skipped: ['b'] }]);
  });

  test('early stopping of a teacher has its own path, also after a resume', async () => {
    const train = { epochs: 10, earlyStopping: impatient };
    const config = { teacher: { model: { type: 'dense' }, train } };
    const store = memoryStore();
    expect(await stopAfter(config, store, 12, false)).toBe(false);
    const { result } = await run(config, { ...withStore(store), resume: true });
    expect(result.stops).toMatchObject([{ network: 'teacher', rule: 'teacher.train.earlyStopping' }]);
  });

  test('a rule that is met by the last evaluation is not reported', async () => {
    const { result } = await run({ epochs: 2, earlyStopping: impatient });
    expect(result.stops).toEqual([]);
  });

  test('an `until` that ends a stage is reported, and the next stage begins', async () => {
    const { result } = await run({
      epochs: undefined,
      stages: [
        { epochs: 20, until: { metric: 'accuracy', above: 0.3 } },
        { name: 'next', epochs: 1 },
      ],
    });
    expect(result.stops).toMatchObject([{ rule: 'stages[0].until', reason: 'accuracy is above 0.3', skipped: [] }]);
  });
});

describe('finishSchedule', () => {
  const config = {
    epochs: 10,
    temperature: { type: 'linear', from: 20, to: 1 },
    earlyStopping: { ...impatient, finishSchedule: { epochs: 2 } },
    keep: 'last',
    deterministic: true,
  };

  test('finishSchedule brings the schedules to their ends before training ends', async () => {
    const seen = recorder();
    const { result } = await run(config, { reporters: [seen] });
    const temperatures = seen
      .of('steps')
      .filter(({ stage }) => stage !== 'teacher')
      .map(({ scalars }) => scalars['temperature.value'] as number);
    expect(result.steps).toBe(8 + 8);
    expect(temperatures.at(-1)).toBe(1);
    expect(temperatures.every((value, i) => i === 0 || value < (temperatures[i - 1] as number))).toBe(true);
    expect(result.stops).toMatchObject([{ finishIn: 8, stageStep: 8 }]);
  });

  test.each([3, 9, 11, 15])('finishSchedule gives the same bits when the run was stopped after update %i', async (updates) => {
    const whole = await run(config);
    const store = memoryStore();
    expect(await stopAfter(config, store, 8 + updates, false)).toBe(false);
    const resumed = await run(config, { ...withStore(store), resume: true });
    expect(resumed.weights).toEqual(whole.weights);
    expect(resumed.result.stops).toEqual(whole.result.stops);
  });

  test('finishSchedule is limited to the rest of the stage', async () => {
    const { result } = await run({ ...config, epochs: 3 });
    expect(result.steps).toBe(12);
    expect(result.stops).toMatchObject([{ finishIn: 4 }]);
  });

  test('the steps of schedules rise to the last one exactly', () => {
    const length = { perEpoch: 4, steps: 40, epochs: 10, before: 0, total: 40 };
    const finish = { from: 8, steps: 8 };
    expect(endOf(length, finish)).toBe(16);
    expect(Array.from({ length: 16 }, (_, i) => scheduleStep(length, finish, i))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 11, 15, 19, 23, 27, 31, 35, 39,
    ]);
    expect(Array.from({ length: 40 }, (_, i) => scheduleStep(length, { from: 8, steps: 32 }, i))).toEqual(
      Array.from({ length: 40 }, (_, i) => i),
    );
  });
});

describe('resuming a run that had stopped early', () => {
  const epochs = 6;

  test('a resumed run trains on under a new rule as if it had always been set', async () => {
    const store = memoryStore();
    await expect(run({ epochs, deterministic: true, earlyStopping: impatient }, withStore(killed(store)))).rejects.toThrow('killed');
    const patient = { ...impatient, patience: 3 };
    const resumed = await run(
      { epochs, deterministic: true, earlyStopping: patient },
      { ...withStore(store), resume: { force: ['earlyStopping'] } },
    );
    const whole = await run({ epochs, deterministic: true, earlyStopping: patient });
    expect(resumed.result.steps).toBe(16);
    expect(resumed.weights).toEqual(whole.weights);
    expect(resumed.result.stops).toEqual(whole.result.stops);
  });

  test('a resumed run trains to the end when its rule was removed', async () => {
    const store = memoryStore();
    await run({ epochs, earlyStopping: impatient }, withStore(store));
    const { result } = await run({ epochs }, { ...withStore(store), resume: { force: true } });
    expect([result.steps, result.stops]).toEqual([24, []]);
  });

  test('a resumed run warns when another rule ends it at once', async () => {
    const store = memoryStore();
    await run({ epochs, earlyStopping: { ...impatient, patience: 2 } }, withStore(store));
    const { result } = await run({ epochs, earlyStopping: impatient }, { ...withStore(store), resume: { force: ['earlyStopping'] } });
    expect(result.steps).toBe(12);
    expect(result.warnings).toEqual([expect.stringMatching(/ends the training of "student" at update 12.*nothing more is trained/)]);
  });
});
