/** Something to be timed again and again. */
export interface Measured {
  /** Milliseconds of each repetition in about so many seconds. */
  times(seconds: number): number[] | Promise<number[]>;
  dispose(): void | Promise<void>;
}

/** The middle value; of an even number the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? NaN;
}

/** Times a function of which one call takes long enough to be timed alone. The first calls, which record, are not counted. */
export function repeated(run: () => void, dispose: () => void = () => undefined): Measured {
  let isWarm = false;
  return {
    times(seconds) {
      if (!isWarm) for (let i = 0; i < 5; i++) run();
      isWarm = true;
      const times: number[] = [];
      const end = performance.now() + 1000 * seconds;
      while (times.length < 5 || performance.now() < end) {
        const start = performance.now();
        run();
        times.push(performance.now() - start);
      }
      return times;
    },
    dispose,
  };
}

/** Times a function that is much faster than the clock is fine: so many calls count as one repetition, divided by their number. */
export function batched(run: (i: number) => unknown, calls: number): Measured {
  const many = repeated(() => {
    for (let i = 0; i < calls; i++) run(i);
  });
  return { ...many, times: async (seconds) => (await many.times(seconds)).map((time) => time / calls) };
}
