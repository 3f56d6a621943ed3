import { expect, test } from 'vitest';
import { fakeScreen } from '../../testing/fake-screen.js';
import { runEvents } from '../../testing/run-events.js';
import { createDisplay } from './create-display.js';

const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const count = (text: string, part: string): number => text.split(part).length - 1;

test('bars show phases and stages with speed, remaining time and metrics', async () => {
  const screen = fakeScreen({ draws: true });
  const display = await createDisplay(screen);
  for (const event of runEvents(2)) display.report(event);
  display.close();
  const { stderr } = screen;
  expect(stderr).toContain('run "first": 40 updates');
  expect(stderr).toMatch(/teacher logits █+░* \d+\/500/);
  expect(stderr).toMatch(/broad █+░+ 10\/40 100\/s, 0\.3 s left loss 2 · T 20 · epoch 1/);
  expect(stderr).toContain('✓ broad validation accuracy 66.7 %\n');
  expect(stderr).toContain('✓ focus validation accuracy 80.0 %\n');
  expect(stderr).toContain('warning: something is odd\n');
});

test('bars restore the cursor, also when closed in the middle of a stage', async () => {
  const events = runEvents(3);
  for (let length = 0; length <= events.length; length++) {
    const screen = fakeScreen({ draws: true });
    const display = await createDisplay(screen);
    for (const event of events.slice(0, length)) display.report(event);
    display.close();
    display.close();
    expect(count(screen.stderr, showCursor)).toBe(count(screen.stderr, hideCursor));
  }
});

test('a note does not end the bars', async () => {
  const screen = fakeScreen({ draws: true });
  const display = await createDisplay(screen);
  for (const event of runEvents(2).slice(0, 6)) display.report(event);
  display.note('stopping');
  const { stderr } = screen;
  expect(stderr.lastIndexOf('broad')).toBeGreaterThan(stderr.indexOf('stopping\n'));
  display.close();
});
