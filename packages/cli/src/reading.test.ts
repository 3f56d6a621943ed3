import type { RunEvent } from '@temper/core';
import { expect, test } from 'vitest';
import { showReading } from './reading.js';

test('reading a large file is a phase in megabytes, and a small one has none', () => {
  const events: RunEvent[] = [];
  const onRead = showReading((event) => events.push(event));
  for (const done of [1e6, 2e6]) onRead({ path: 'data/small.csv', done, total: 2e6 });
  expect(events).toEqual([]);
  for (const done of [1e6, 90e6]) onRead({ path: 'data/big.csv', done, total: 90e6 });
  const phase = 'reading big.csv (MB)';
  expect(events).toEqual([
    { type: 'phase', phase, total: 90 },
    { type: 'phase-progress', phase, done: 1, total: 90 },
    { type: 'phase-progress', phase, done: 90, total: 90 },
  ]);
});
