/** The progress of a set-up, for a display. */
export type SetupEvent =
  | { readonly type: 'step'; readonly message: string }
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly total: number;
      readonly bytesPerSecond: number;
      readonly secondsLeft: number;
    };

/** Receives each event of a set-up. */
export type SetupReporter = (event: SetupEvent) => void;

/** Formats megabytes: `248 MB` counts 2²⁰ bytes, as download programs do. */
export const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;

/** Turns a growing count of bytes into progress events with speed and time left. */
export function trackBytes(total: number, report: SetupReporter): (done: number) => void {
  const start = performance.now();
  return (count) => {
    const done = Math.min(count, total);
    const bytesPerSecond = done / Math.max((performance.now() - start) / 1000, 1e-3);
    report({ type: 'progress', done, total, bytesPerSecond, secondsLeft: done === 0 ? Infinity : (total - done) / bytesPerSecond });
  };
}
