import { expect, test, vi } from 'vitest';
import { trackBytes, type SetupEvent } from './events.js';
import { createSetupPrinter } from './printer.js';

const mega = 2 ** 20;
const half: SetupEvent = { type: 'progress', done: 50 * mega, total: 100 * mega, bytesPerSecond: 10 * mega, secondsLeft: 4.2 };

function print(events: readonly SetupEvent[], terminal: object): string {
  let text = '';
  const report = createSetupPrinter({ ...terminal, write: (part) => (text += part) });
  events.forEach(report);
  return text;
}

test('a terminal shows progress in one line that the next step replaces', () => {
  const text = print([{ type: 'step', message: 'Downloading' }, half, half, { type: 'step', message: 'Unpacking' }], {
    isTTY: true,
    columns: 80,
  });
  const drawn = '\r\x1b[K  50 MB of 100 MB (50 %), 10 MB/s, 5 s left';
  expect(text).toBe(`Downloading\n${drawn}${drawn}\r\x1b[KUnpacking\n`);
});

test('a narrow terminal gets no line that wraps', () => {
  expect(print([half], { isTTY: true, columns: 20 })).toBe('\r\x1b[K  50 MB of 100 MB (');
});

test('other outputs get plain lines, and progress only after ten seconds', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    let text = '';
    const report = createSetupPrinter({ write: (part) => (text += part) });
    report({ type: 'step', message: 'Downloading' });
    report(half);
    vi.advanceTimersByTime(11_000);
    report(half);
    report(half);
    expect(text).toBe('Downloading\n  50 MB of 100 MB (50 %), 10 MB/s, 5 s left\n');
  } finally {
    vi.useRealTimers();
  }
});

test('speed and remaining time follow from the bytes, which never exceed the total', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const events: SetupEvent[] = [];
    const track = trackBytes(100, (event) => events.push(event));
    vi.advanceTimersByTime(2_000);
    track(0);
    track(50);
    track(200);
    expect(events).toEqual([
      { type: 'progress', done: 0, total: 100, bytesPerSecond: 0, secondsLeft: Infinity },
      { type: 'progress', done: 50, total: 100, bytesPerSecond: 25, secondsLeft: 2 },
      { type: 'progress', done: 100, total: 100, bytesPerSecond: 50, secondsLeft: 0 },
    ]);
  } finally {
    vi.useRealTimers();
  }
});
