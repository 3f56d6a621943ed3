import { differences } from './compare.js';
import type { Problem, Recording } from './recording.js';

type Scalars = Readonly<Record<string, number>>;

/** When a recording is to be compared with a new one. */
export interface Checks {
  /** Asked once before every update. */
  isDue(scalars: Scalars): boolean;
  /** Compares with a recording made now; an empty answer is remembered as a check passed. */
  compare(now: Recording, scalars: Scalars): Problem[];
  /** For messages: which updates a problem found now may have spoiled. */
  since(problem: Problem | undefined): string;
}

const first = 16;
const factor = 8;

/**
 * Checks a recording again at the second update, whenever a scalar differs for the first time from its recorded
 * value (one that was equal at both recordings could hide that it is frozen), and, for what no scalar shows, at
 * updates 16, 128, 1024, …
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
