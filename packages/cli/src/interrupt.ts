import { exit } from './exit.js';

const statuses = { SIGINT: exit.interrupted, SIGTERM: exit.terminated } as const;

/** The user's wish to stop. */
export interface Interrupts {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** Exit status for the signal that came, or undefined. */
  readonly status: number | undefined;
  /** Leaves signals to the system again. */
  release(): void;
}

/** The first SIGINT or SIGTERM asks the run to stop, and `onFirst` tells so; the second ends the process at once. */
export function watchInterrupts(onFirst: () => void): Interrupts {
  const controller = new AbortController();
  let status: number | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    const next = statuses[name as keyof typeof statuses];
    if (status !== undefined) process.exit(next);
    status = next;
    onFirst();
    controller.abort();
  };
  for (const name of Object.keys(statuses)) process.on(name, onSignal);
  return {
    signal: controller.signal,
    get status() {
      return status;
    },
    release: () => Object.keys(statuses).forEach((name) => process.off(name, onSignal)),
  };
}
