import type { RunControls } from '../../contracts/events.js';

/** The requests of reporters since the loop last read them. */
export interface Controls {
  /** The controls that reporters receive. */
  readonly forReporters: RunControls;
  readonly stopReason: string | undefined;
  /** Returns the pending requests and clears them. */
  take(): { readonly save: boolean; readonly evaluate: boolean };
}

export function createControls(): Controls {
  let stopReason: string | undefined;
  let asked = { save: false, evaluate: false };
  return {
    forReporters: {
      stop: (reason) => void (stopReason ??= reason),
      save: () => void (asked = { ...asked, save: true }),
      evaluate: () => void (asked = { ...asked, evaluate: true }),
    },
    get stopReason() {
      return stopReason;
    },
    take() {
      const taken = asked;
      asked = { save: false, evaluate: false };
      return taken;
    },
  };
}
