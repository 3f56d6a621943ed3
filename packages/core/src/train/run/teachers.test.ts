import '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import { expectNoLeakedTensors } from '@temper/testing';
import { run } from '../fixtures/fixture-run.js';
import { recorder } from '../fixtures/basic-run.js';
import { memoryStore, stopAfter, withStore } from '../fixtures/memory-store.js';

describe('teachers', () => {
  const dense = { type: 'dense' };
  const ensemble = [
    { model: dense, name: 'one' },
    { model: dense, name: 'two' },
  ];
  test.each([
    ['a chain of teachers', { distilled: { teacher: { model: dense }, student: { model: dense }, epochs: 2 } }, ['teacher', 'teacher-2']],
    ['an ensemble weighted by confidence', { ensemble, combine: 'confidence' }, ['one', 'two']],
    ['a random teacher of an ensemble', { ensemble, combine: 'random' }, ['one', 'two']],
    ['the mean of an ensemble', { ensemble }, ['one', 'two']],
  ])('a student learns from %s', async (_name, teacher, names) => {
    const seen = recorder();
    await expectNoLeakedTensors(async () => {
      const { result } = await run({ teacher, optimizer: { type: 'sgd', learningRate: 0.1 } }, { reporters: [seen] });
      expect(result.test['agreement']).toBeGreaterThan(0);
    });
    expect([...new Set(seen.of('stage-start').map(({ stage }) => stage))].filter((stage) => stage !== 'student').sort()).toEqual(
      [...names].sort(),
    );
  });

  test('stages learn from snapshots of the teacher, also after a resume', async () => {
    const teacher = { model: dense, train: { epochs: 3, snapshots: [1, 3] } };
    const stages = [
      { epochs: 1, teacher: { snapshot: 1 } },
      { epochs: 1, teacher: { snapshot: 3 } },
    ];
    const { weights } = await run({ teacher, epochs: undefined, stages, deterministic: true }, withStore(memoryStore()));
    const store = memoryStore();
    expect(await stopAfter({ teacher, epochs: undefined, stages, deterministic: true }, store, 14, false)).toBe(false);
    expect((await run({ teacher, epochs: undefined, stages, deterministic: true }, { ...withStore(store), resume: true })).weights).toEqual(
      weights,
    );
    await expect(run({ teacher, epochs: undefined, stages: [{ epochs: 1, teacher: { snapshot: 2 } }] })).rejects.toThrow(
      'stages[0].teacher.snapshot: there is no snapshot of the teacher after epoch 2',
    );
  });
});
