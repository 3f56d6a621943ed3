import { clearScreenDown, moveCursor } from 'node:readline';
import type { JobProgress, Outcome } from '@temper/experiments';
import { duration } from '@temper/node/reporters';
import { cut } from '../table.js';
import type { Terminal } from '../terminal.js';

/** Shows the progress of a comparison: a line for each finished run, and on a terminal a line for each worker below them. */
export interface ProgressView {
  /** Adds a number of expected runs. */
  expect(count: number): void;
  ended(outcome: Outcome): void;
  working(progress: JobProgress): void;
  note(text: string): void;
  close(): void;
}

const barWidth = 16;
/** Milliseconds between two drawings. */
const pause = 200;

/** @param now Milliseconds of a clock. */
export function progressView(terminal: Terminal, now: () => number = () => performance.now()): ProgressView {
  const stream = terminal.drawable;
  const started = now();
  const workers = new Map<number, JobProgress>();
  let [total, ended, made, drawn, last] = [0, 0, 0, 0, -Infinity];

  /** Estimated from the mean of the runs made by this command; unfinished runs count with their finished part. */
  const left = (): string => {
    const parts = [...workers.values()].reduce((sum, { done, total: all }) => sum + (all === 0 ? 0 : done / all), 0);
    if (ended >= total || made + parts === 0) return '';
    const each = (now() - started) / 1000 / (made + parts);
    return `, about ${duration(each * Math.max(0, total - ended - parts))} left`;
  };
  const erase = (): void => {
    if (stream === undefined || drawn === 0) return;
    moveCursor(stream, 0, -drawn);
    clearScreenDown(stream);
    drawn = 0;
  };
  const draw = (force: boolean): void => {
    if (stream === undefined || (!force && now() - last < pause)) return;
    last = now();
    erase();
    const columns = (stream as Partial<NodeJS.WriteStream>).columns ?? 80;
    const rows = [...workers.values()]
      .sort((a, b) => a.worker - b.worker)
      .map(({ worker, id, done, total: all }) => {
        const share = all === 0 ? 0 : done / all;
        const full = Math.round(barWidth * share);
        return `  ${worker + 1}  ${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${`${Math.round(100 * share)} %`.padStart(5)}  ${id}`;
      });
    const lines = [`${ended} of ${total} runs${left()}`, ...rows].map((line) => cut(line.trimEnd(), columns - 1));
    stream.write(`${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  const note = (text: string): void => {
    erase();
    terminal.err(text);
    if (workers.size > 0) draw(true);
  };

  return {
    expect(count) {
      total += count;
    },
    ended(outcome) {
      ended += 1;
      if (outcome.status !== 'done' || outcome.seconds > 0) made += 1;
      for (const [worker, { id }] of workers) if (id === outcome.id) workers.delete(worker);
      note(`${ended} of ${total}  ${outcome.id}  ${endingOf(outcome)}${left()}`);
    },
    working(progress) {
      workers.set(progress.worker, progress);
      draw(false);
    },
    note,
    close: erase,
  };
}

function endingOf(outcome: Outcome): string {
  if (outcome.status === 'stopped') return 'stopped';
  if (outcome.status === 'failed') return `failed: ${outcome.message}`;
  return outcome.seconds === 0 ? 'was done' : duration(outcome.seconds);
}
