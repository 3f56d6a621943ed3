import '@tensorflow/tfjs-node';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../contracts/events.js';
import { createKit } from '../../kit/kit.js';
import { basicRun, basics, blobs } from '../fixtures/basic-run.js';

const kit = createKit({ plugins: [basics] });
const small = { ...basicRun, epochs: 1, teacher: { model: { type: 'dense' }, train: { epochs: 1 } } } as const;

test('a run can be iterated and awaited at once, and continues when a loop ends', async () => {
  const run = kit.run(small, { data: blobs() });
  const kinds: string[] = [];
  for await (const { type } of run) kinds.push(type);
  expect(kinds[0]).toBe('run-start');
  expect(kinds.at(-1)).toBe('run-end');
  const again = kit.run(small, { data: blobs() });
  for await (const { type } of again) if (type === 'steps') break;
  for (const { student, teacher, steps } of [await run, await again]) {
    expect(steps).toBe(4);
    student.dispose();
    teacher?.dispose();
  }
});

test('two loops over a run get the same events', async () => {
  const run = kit.run(small, { data: blobs() });
  const follow = async (): Promise<RunEvent[]> => {
    const events: RunEvent[] = [];
    for await (const event of run) events.push(event);
    return events;
  };
  const [one, two] = await Promise.all([follow(), follow()]);
  expect(one).toEqual(two);
  expect(one.length).toBeGreaterThan(10);
  const { student, teacher } = await run;
  student.dispose();
  teacher?.dispose();
});

test('a failure reaches both the loop over events and the awaited promise', async () => {
  const follow = async (): Promise<void> => {
    for await (const { type } of kit.run({ ...small, weighting: { soft: 1 } }, { data: blobs() })) expect(type).not.toBe('steps');
  };
  await expect(follow()).rejects.toThrow('gives no weight to loss "hard"');
  await expect(kit.run({ ...small, weighting: { soft: 1 } }, { data: blobs() })).rejects.toThrow('gives no weight to loss "hard"');
});
