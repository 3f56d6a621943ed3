import { sayStop, type MetricFactsByName } from '@temper/core';
import cliProgress from 'cli-progress';
import type { Display } from './display.js';
import { duration, evaluationFacts, fitting, short, startOf, stepFacts, usualColumns } from './format.js';
import type { Screen } from './screen.js';

/** The contents of the progress bar. */
interface View {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** Units per second, where known. */
  readonly speed?: number | undefined;
  readonly facts: readonly string[];
}

const barWidth = 16;

/** The speed is a running mean over this number of reports, so that the remaining time does not jump. */
const smoothing = 5;

/** Shows one progress bar for the current phase, with speed and remaining time; finished stages and warnings stay as lines above it. */
export function barsDisplay(screen: Screen, stream: NodeJS.WritableStream, hideCursor: boolean): Display {
  const { bold, cyan, dim, green, yellow } = screen.colors.err;
  const bar = new cliProgress.SingleBar({
    format: `{label} ${cyan('{bar}')} {value}/{total} ${dim('{pace}')} {facts}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: barWidth,
    clearOnComplete: true,
    // The run handles an interrupt, and `close` restores the cursor.
    gracefulExit: false,
    hideCursor,
    linewrap: false,
    stream,
  });
  let view: View | undefined;
  let facts: MetricFactsByName = {};
  let evaluated: readonly string[] = [];
  let phaseStart = 0;
  let speed: number | undefined;

  const payload = ({ label, done, total, speed, facts }: View) => {
    const pace = speed === undefined ? '' : `${short(speed)}/s, ${duration((total - done) / speed)} left`;
    // Parts that do not fit are dropped, from the last: a line that wraps cannot be drawn again.
    const before = label.length + barWidth + `${total}/${total}`.length + pace.length + 4;
    const columns = ((stream as Partial<NodeJS.WriteStream>).columns ?? usualColumns) - 1;
    const room = columns - before;
    return { label: bold(label), pace, facts: (facts[0]?.length ?? 0) > room ? '' : fitting(facts, ' · ', room) };
  };
  const hide = (): void => {
    if (view !== undefined) bar.stop();
  };
  const show = (next: View): void => {
    if (view?.label === next.label && view.total === next.total) bar.update(next.done, payload(next));
    else {
      hide();
      bar.start(next.total, next.done, payload(next));
    }
    view = next;
  };
  const note = (text: string): void => {
    hide();
    screen.err(text);
    if (view !== undefined) bar.start(view.total, view.done, payload(view));
  };
  const close = (): void => {
    hide();
    view = undefined;
  };

  return {
    name: 'bars',
    note,
    close,
    report(event) {
      switch (event.type) {
        case 'run-start':
          facts = event.metricFacts;
          return note(startOf(event));
        case 'phase':
          phaseStart = performance.now();
          return show({ label: event.phase, done: 0, total: event.total, facts: [] });
        case 'phase-progress': {
          const seconds = Math.max(1e-3, (performance.now() - phaseStart) / 1000);
          return show({ label: event.phase, done: event.done, total: event.total, speed: event.done / seconds, facts: [] });
        }
        case 'stage-start':
          evaluated = [];
          speed = undefined;
          return close();
        case 'steps':
          speed = speed === undefined ? event.stepsPerSecond : speed + (event.stepsPerSecond - speed) / smoothing;
          return show({
            label: event.stage,
            done: event.step,
            total: event.totalSteps,
            speed,
            facts: [...stepFacts(event), ...evaluated, `epoch ${event.epoch}`],
          });
        case 'evaluation':
          if (event.split === 'validation') evaluated = evaluationFacts(event, facts);
          return undefined;
        case 'stage-end':
          close();
          return note(`${green('✓')} ${bold(event.stage)} ${evaluated.join('')}`);
        case 'stop':
          return note(sayStop(event).join('\n'));
        case 'warning':
          return note(`${yellow('warning:')} ${event.message}`);
        case 'run-end':
          return close();
        default:
          return undefined;
      }
    },
  };
}
