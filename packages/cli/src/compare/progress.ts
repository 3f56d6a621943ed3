import cliProgress from 'cli-progress';
import type { JobProgress, Outcome } from '@temper/experiments';
import { duration } from '@temper/node/reporters';
import type { Terminal } from '../terminal.js';

/** Shows the progress of a comparison: a line for each finished run, and on a terminal a bar for each worker below them. */
export interface ProgressView {
  /** Adds a number of expected runs. */
  expect(count: number): void;
  ended(outcome: Outcome): void;
  working(progress: JobProgress): void;
  note(text: string): void;
  close(): void;
}

const barWidth = 16;

/** The share of a run that has to be finished before the remaining time is estimated: the start of a process says nothing about it. */
const estimable = 0.3;

/** @param now Milliseconds of a clock. */
export function progressView(terminal: Terminal, now: () => number = () => performance.now()): ProgressView {
  const stream = terminal.drawable;
  const started = now();
  const workers = new Map<number, JobProgress>();
  let [total, ended, made] = [0, 0, 0];
  let bars: Bars | undefined;

  /** Estimates from the mean of the runs made by this command; unfinished runs count with their finished part. */
  const left = (): string => {
    const parts = [...workers.values()].reduce((sum, progress) => sum + shareOf(progress), 0);
    if (ended >= total || made + parts < estimable) return '';
    const each = (now() - started) / 1000 / (made + parts);
    return `, about ${duration(each * Math.max(0, total - ended - parts))} left`;
  };
  const show = (): void => {
    if (stream === undefined || workers.size === 0) return;
    bars ??= drawBars(stream);
    bars.update(`${ended} of ${total} runs${left()}`, [...workers.values()]);
  };
  const close = (): void => {
    bars?.stop();
    bars = undefined;
  };
  const note = (text: string): void => {
    close();
    terminal.err(text);
    show();
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
      show();
    },
    note,
    close,
  };
}

interface Bars {
  update(head: string, workers: readonly JobProgress[]): void;
  stop(): void;
}

/** Draws a line about all runs, and a bar for each worker. */
function drawBars(stream: NodeJS.WritableStream): Bars {
  const bars = new cliProgress.MultiBar({
    format: '  {worker}  {bar} {share}  {id}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: barWidth,
    clearOnComplete: true,
    fps: 5,
    // The command handles an interrupt, and `stop` restores the terminal.
    gracefulExit: false,
    hideCursor: true,
    linewrap: false,
    stream,
  });
  const whole = bars.create(1, 0, { head: '' }, { format: '{head}' });
  const ofWorkers = new Map<number, cliProgress.SingleBar>();
  return {
    update(head, workers) {
      whole.update(0, { head });
      for (const progress of workers) {
        const { worker, id, done, total } = progress;
        const payload = { worker: worker + 1, id, share: `${Math.round(100 * shareOf(progress))} %`.padStart(5) };
        const bar = ofWorkers.get(worker) ?? bars.create(Math.max(1, total), done, payload);
        ofWorkers.set(worker, bar);
        bar.setTotal(Math.max(1, total));
        bar.update(done, payload);
      }
    },
    stop: () => bars.stop(),
  };
}

const shareOf = ({ done, total }: JobProgress): number => (total === 0 ? 0 : done / total);

function endingOf(outcome: Outcome): string {
  if (outcome.status === 'stopped') return 'stopped';
  if (outcome.status === 'failed') return `failed: ${outcome.message}`;
  return outcome.seconds === 0 ? 'was done' : duration(outcome.seconds);
}
