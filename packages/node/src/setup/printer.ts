import { megabytes, type SetupEvent, type SetupReporter } from './events.js';

/** The part of a stream that a printer needs; `process.stderr` has it. */
export interface PrinterOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Writes text as it is. */
  readonly write: (text: string) => unknown;
}

/**
 * Prints a set-up: each step on a line, and under it the download's progress with speed and time left. Without a
 * terminal the progress comes as a line every ten seconds.
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
