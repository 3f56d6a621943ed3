import { exit } from './exit.js';

const statuses = { SIGINT: exit.interrupted, SIGTERM: exit.terminated } as const;

/** The user's requests to stop. */
export interface Interrupts {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** Exit status for the received signal, or undefined. */
  readonly status: number | undefined;
  /** Stops handling signals. */
  release(): void;
}

/** Handles signals: the first SIGINT or SIGTERM requests the run to stop and calls `onFirst`; the second ends the process at once. */
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
