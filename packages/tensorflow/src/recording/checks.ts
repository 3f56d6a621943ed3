import { differences } from './compare.js';
import type { Problem, Recording } from './recording.js';

type Scalars = Readonly<Record<string, number>>;

/** The schedule of comparisons of a recording with a new one. */
export interface Checks {
  /** Called once before every update; returns whether a check is due. */
  isDue(scalars: Scalars): boolean;
  /** Compares with a new recording; an empty result is stored as a passed check. */
  compare(now: Recording, scalars: Scalars): Problem[];
  /** For messages: the updates that a new problem may have affected. */
  since(problem: Problem | undefined): string;
}

const first = 16;
const factor = 8;

/**
 * Checks a recording again at the second update, whenever a scalar differs for the first time from its recorded value (a scalar that was
 * equal at both recordings could hide that it is frozen), and, for values that no scalar shows, at updates 16, 128, 1024, …
 */
export function createChecks(recording: Recording, scalars: Scalars): Checks {
  const names = Object.keys(scalars);
  const varied = new Set<string>();
  let update = 1;
  let next = 2;
  let passed = 1;
  const moved = (now: Scalars) => names.filter((name) => !varied.has(name) && now[name] !== scalars[name]);
  return {
    isDue(now) {
      update++;
      return update >= next || (varied.size < names.length && moved(now).length > 0);
    },
    compare(now, values) {
      const found = differences(recording, now, { first: scalars, second: values });
      if (found.length > 0) return found;
      for (const name of moved(values)) varied.add(name);
      if (update >= next) next = next < first ? first : next * factor;
      passed = update;
      return [];
    },
    since: (problem) =>
      problem?.isNew === true || update - passed <= 1 ? '' : ` Updates since number ${passed} of this stage may have used the old value.`,
  };
}
