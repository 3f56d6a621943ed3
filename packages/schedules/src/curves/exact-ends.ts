import { progressOf, type Schedule } from '@temper/core';

/** A schedule over p from its formula; the ends are returned as given, since the formula may round there. */
export const exactEnds =
  (from: number, to: number, between: (p: number) => number): Schedule =>
  (at) => {
    const p = progressOf(at);
    return p === 0 ? from : p === 1 ? to : between(p);
  };
