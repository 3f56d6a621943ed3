import { writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isLong } from '../../../../../fixtures/long.js';
import { fuzz } from './fuzz.js';
import type { Target } from './target.js';

/** The arguments of `npm run fuzz`; without them the tests make the same attempts every time. */
interface Asked {
  readonly seed: number;
  readonly from: number;
  readonly count: number;
}

const { TEMPER_FUZZ: asked } = process.env;
const command = asked === undefined ? undefined : (JSON.parse(asked) as Asked);

/** The allowed growth in bytes: memory of the compiler and of caches, not of attempts. */
const allowedGrowth = 40_000_000;

/**
 * A test that changes what a target reads in many ways; each change has to end in success or in a message that helps.
 * @param usual How many changes are made where `npm run fuzz` does not ask for a number, with `TEMPER_TEST_LONG=1` and without it: fewer
 * for a target whose changes are slow.
 */
export function fuzzTest(target: Target, usual: readonly [long: number, short: number] = [2000, 500]): void {
  const { seed, from, count } = command ?? { seed: 1, from: 0, count: usual[isLong ? 0 : 1] };
  const shownCount = count.toLocaleString('en');
  test(`${shownCount} changed ${target.what} are read or refused within a second and leave nothing`, { timeout: 3_600_000 }, async () => {
    const { faults, succeeded, growth } = await fuzz(target, {
      seed,
      from,
      count,
      ...(command === undefined ? {} : { onProgress: progress(target.name, count) }),
    });
    const again = faults.map(
      ({ number, fault, given }) => `npm run fuzz -- ${target.name} --seed ${seed} --only ${number}\n${fault}\n${given}`,
    );
    expect(again.join('\n\n')).toBe('');
    if (count < 100) return;
    // Changes that never lead to a success are too coarse to test the reader.
    expect(succeeded).toBeGreaterThan(count / 50);
    expect(succeeded).toBeLessThan(count);
    expect(growth).toBeLessThan(allowedGrowth + count * (target.stays ?? 0));
    if (command !== undefined) writeSync(2, `${target.name}: ${succeeded} of ${count} are read, ${(growth / 1e6).toFixed(1)} MB stay\n`);
  });
}

/** Prints every five seconds the number of attempts, the speed and the remaining time. */
function progress(name: string, count: number): (done: number) => void {
  const started = performance.now();
  let said = started;
  return (done) => {
    const now = performance.now();
    if (now - said < 5000) return;
    said = now;
    const speed = (1000 * done) / (now - started);
    writeSync(2, `${name}: ${done} of ${count}, ${speed.toFixed(0)} a second, ${Math.ceil((count - done) / speed)} s left\n`);
  };
}
