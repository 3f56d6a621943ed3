import { expect, test } from 'vitest';
import type { Executor, Job, Outcome } from './executor.js';
import { retrying } from './retrying.js';

const job = (id: string, after: readonly string[] = []): Job => ({ id, config: {}, after });

/** Fails jobs named in `failures` as often as it says. */
const flaky = (failures: Record<string, number>, asked: string[]): Executor => ({
  async *run(jobs) {
    const ended = new Set<string>();
    for (const { id, after } of jobs) {
      asked.push(id);
      const fails = (failures[id] ?? 0) > 0 || after.some((one) => !ended.has(one));
      failures[id] = (failures[id] ?? 0) - 1;
      if (!fails) ended.add(id);
      await Promise.resolve();
      yield fails ? { id, status: 'failed', message: 'lost' } : { id, status: 'done', summary: {}, seconds: 1 };
    }
  },
});

test('a failed job and the jobs that it needs run again, and it is reported once', async () => {
  const [asked, retried, outcomes]: [string[], string[], Outcome[]] = [[], [], []];
  const executor = retrying(flaky({ teacher: 1, b: 5 }, asked), 2, ({ id }) => void retried.push(id));
  for await (const one of executor.run([job('teacher'), job('a', ['teacher']), job('b')], {})) outcomes.push(one);
  expect(asked).toEqual(['teacher', 'a', 'b', 'teacher', 'a', 'b', 'b']);
  expect(retried).toEqual(['teacher', 'a', 'b', 'b']);
  expect(outcomes.map(({ id, status }) => [id, status])).toEqual([
    ['teacher', 'done'],
    ['a', 'done'],
    ['b', 'failed'],
  ]);
});
