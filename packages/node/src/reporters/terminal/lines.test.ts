import type { RunEvent } from '@temper/core';
import { expect, test } from 'vitest';
import { fakeScreen } from '../../testing/fake-screen.js';
import { runEvents } from '../../testing/run-events.js';
import { createDisplay } from './create-display.js';
import { linesDisplay } from './lines.js';

async function shown(epochs: number): Promise<string[]> {
  const screen = fakeScreen();
  const display = await createDisplay(screen);
  for (const event of runEvents(epochs)) display.report(event);
  display.close();
  return screen.stderr.trimEnd().split('\n');
}

test('a short run is reported for each epoch in plain text', async () => {
  expect(await shown(2)).toEqual([
    'run "first": 40 updates',
    'teacher logits',
    'stage "broad": 2 epochs, 20 updates',
    '  epoch 1, update 10/40, validation accuracy 50.0 % (best), loss 2, T 20',
    '  epoch 2, update 20/40, validation accuracy 66.7 %, loss 1, T 10',
    'stage "focus": 2 epochs, 20 updates',
    '  epoch 3, update 30/40, validation accuracy 75.0 % (best), loss 0.667, T 6.67',
    '  epoch 4, update 40/40, validation accuracy 80.0 %, loss 0.5, T 5',
    'warning: something is odd',
  ]);
});

test('no line of progress is wider than 80 columns', async () => {
  for (const epochs of [2, 300, 100_000]) for (const line of await shown(epochs)) expect(line.length).toBeLessThanOrEqual(80);
});

test('a long run gets few lines, with the last epoch of each stage among them', async () => {
  const lines = await shown(300);
  expect(lines.length).toBeLessThan(30);
  expect(lines.length).toBeGreaterThan(15);
  expect(lines.filter((line) => /epoch (300|600),/.test(line))).toHaveLength(2);
});

test('a run resumed in the middle of a stage is reported in few lines', () => {
  const screen = fakeScreen();
  const display = linesDisplay(screen);
  const [start, ...events] = runEvents(300).filter(({ type }) => type !== 'stage-start');
  display.report({ ...start, resumedAt: 5 } as RunEvent);
  for (const event of events) display.report(event);
  const lines = screen.stderr.trimEnd().split('\n');
  expect(lines[0]).toBe('run "first": 6000 updates, continues after 5');
  expect(lines.length).toBeLessThan(20);
});
