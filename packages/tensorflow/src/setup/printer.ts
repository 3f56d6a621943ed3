import { megabytes, type SetupEvent, type SetupReporter } from './events.js';
import type { SetupReport } from './setup-backend.js';

/** The part of a stream that a printer needs; `process.stderr` has it. */
export interface PrinterOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Writes text unchanged. */
  readonly write: (text: string) => unknown;
}

/**
 * Prints a set-up: each step on a line, and under it the download's progress with speed and remaining time. Without a terminal, progress
 * is a line every ten seconds.
 * @example await setupBackend({ report: createSetupPrinter(process.stderr) });
 */
export function createSetupPrinter(output: PrinterOutput): SetupReporter {
  const width = output.isTTY === true ? (output.columns ?? 80) - 1 : undefined;
  let drawn = false;
  let last = performance.now();
  return (event) => {
    if (event.type === 'step') {
      output.write(`${drawn ? '\r\x1b[K' : ''}${event.message}\n`);
      drawn = false;
    } else if (width !== undefined) {
      output.write(`\r\x1b[K${progressLine(event).slice(0, width)}`);
      drawn = true;
    } else if (performance.now() - last > 10_000) {
      output.write(`${progressLine(event)}\n`);
      last = performance.now();
    }
  };
}

type ProgressEvent = Extract<SetupEvent, { type: 'progress' }>;

function progressLine({ done, total, bytesPerSecond, secondsLeft }: ProgressEvent): string {
  const left = Number.isFinite(secondsLeft) ? `, ${Math.ceil(secondsLeft)} s left` : '';
  return `  ${megabytes(done)} of ${megabytes(total)} (${Math.round((100 * done) / total)} %), ${megabytes(bytesPerSecond)}/s${left}`;
}

/** Describes the end of a set-up; without a native backend, the reasons and the remedy of each problem. */
export function describeSetup({ native, tensorflow, problems }: Pick<SetupReport, 'native' | 'tensorflow' | 'problems'>): string {
  if (native) return `The native backend works: TensorFlow ${tensorflow ?? ''}.`;
  const loss = 'The native TensorFlow backend could not be set up; the one in JavaScript works, but is 30 to 500 times slower.';
  return [loss, ...problems.map(({ message }) => `- ${message}`)].join('\n');
}
