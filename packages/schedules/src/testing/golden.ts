import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

export const folder = new URL('../../../../../shared/golden/', import.meta.url);

export interface Case<I, E> {
  readonly name: string;
  readonly inputs: I;
  readonly expected: E;
  readonly tolerance: Readonly<Record<string, number>>;
}

/** Tests every case of a file of reference numbers; says so where the files are absent. */
export function golden<I, E>(
  file: string,
  check: (inputs: I, expected: E, tolerance: Readonly<Record<string, number>>) => void | Promise<void>,
): void {
  const path = new URL(`${file}.json`, folder);
  if (!existsSync(path)) {
    test(`${file}: reference numbers`, (context) => context.skip('the reference numbers are not beside this repository'));
    return;
  }
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case<I, E>[] };
  describe(file, () => {
    test.each(cases)('$name', ({ inputs, expected, tolerance }) => check(inputs, expected, tolerance));
  });
}

export function expectClose(got: readonly number[], wanted: readonly number[], rel: number, abs: number): void {
  expect(got).toHaveLength(wanted.length);
  wanted.forEach((want, i) =>
    expect(Math.abs((got[i] as number) - want), `entry ${i}: ${got[i]} for ${want}`).toBeLessThanOrEqual(rel * Math.abs(want) + abs),
  );
}
