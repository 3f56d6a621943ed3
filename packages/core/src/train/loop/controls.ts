import type { RunControls } from '../../contracts/events.js';

/** What reporters have asked for since the loop last looked. */
export interface Controls {
  /** The side that reporters see. */
  readonly forReporters: RunControls;
  readonly stopReason: string | undefined;
  /** Takes the requests that are carried out once each. */
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
