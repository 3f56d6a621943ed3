import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Terminal } from '../terminal.js';
import { progressView } from './progress.js';

// The bars are drawn by a timer.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const drawn = (): void => void vi.advanceTimersByTime(250);

/** A terminal that stores what is written, and a clock. */
function screen(draws: boolean) {
  let [written, time] = ['', 0];
  const stream = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written += chunk.toString();
        done();
      },
    }),
    { isTTY: true, columns: 80 },
  );
  const terminal = { err: (text: string) => void (written += `${text}\n`), drawable: draws ? stream : undefined } as Partial<Terminal>;
  return {
    view: progressView(terminal as Terminal, () => time),
    written: () => written,
    seconds: (count: number) => void (time += 1000 * count),
  };
}

test('progressView writes a line for each finished run when the output is no terminal', () => {
  const { view, written, seconds } = screen(false);
  view.expect(3);
  view.working({ worker: 0, id: 'a/seed-1', done: 5, total: 10 });
  seconds(4);
  view.ended({ id: 'a/seed-1', status: 'done', seconds: 4 } as never);
  view.ended({ id: 'a/seed-2', status: 'failed', message: 'no memory' } as never);
  view.close();
  expect(written()).toBe('1 of 3  a/seed-1  4.0 s, about 8.0 s left\n2 of 3  a/seed-2  failed: no memory, about 2.0 s left\n');
});

test('progressView draws a bar for each worker on a terminal, and removes them', () => {
  const { view, written, seconds } = screen(true);
  view.expect(4);
  view.working({ worker: 0, id: 'a/seed-1', done: 5, total: 10 });
  view.working({ worker: 1, id: 'a/seed-2', done: 1, total: 10 });
  seconds(6);
  view.note('a note');
  drawn();
  expect(written()).toContain('1  ████████░░░░░░░░  50 %  a/seed-1');
  expect(written()).toContain('2  ██░░░░░░░░░░░░░░  10 %  a/seed-2');
  expect(written()).toContain('0 of 4 runs, about 34 s left');
  view.ended({ id: 'a/seed-2', status: 'done', seconds: 7 } as never);
  drawn();
  view.close();
  const afterLast = written().slice(written().lastIndexOf('1 of 4  a/seed-2'));
  expect(afterLast).not.toContain('10 %');
  // The cursor is shown again as often as it was hidden.
  expect(written().split('\x1b[?25h').length).toBe(written().split('\x1b[?25l').length);
});

test('progressView estimates no remaining time from the first seconds of a run', () => {
  const { view, written, seconds } = screen(true);
  view.expect(10);
  seconds(8);
  view.working({ worker: 0, id: 'a/seed-1', done: 1, total: 100 });
  drawn();
  view.close();
  expect(written()).toContain('0 of 10 runs');
  expect(written()).not.toContain('left');
});
