import type * as tf from '@tensorflow/tfjs-core';
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Numbers that the papers' own code gives; float32 has to meet them within a few roundings. */
const folder = new URL('../../../../../shared/golden/', import.meta.url);

/** False where the folder is absent. */
export const hasGolden = existsSync(folder);

export type Numbers = number | readonly Numbers[];

export interface GoldenCase {
  readonly name: string;
  readonly inputs: {
    readonly student: Numbers;
    readonly teacher: Numbers;
    readonly labels?: Numbers;
    readonly mask?: Numbers;
    readonly temperature?: number;
    readonly [option: string]: Numbers | undefined;
  };
  readonly expected: Readonly<Record<string, Numbers>> & { readonly loss: number; readonly gradStudent: Numbers };
  readonly tolerance: { readonly rel: number; readonly absLoss: number; readonly absGrad: number; readonly absGradTheta?: number };
}

/** Returns the cases of a file; none where the folder is absent. */
export const casesOf = (file: string): readonly GoldenCase[] =>
  hasGolden ? (JSON.parse(readFileSync(new URL(`${file}.json`, folder), 'utf8')) as { cases: GoldenCase[] }).cases : [];

const flat = (numbers: Numbers): number[] => (typeof numbers === 'number' ? [numbers] : numbers.flatMap(flat));

/** Checks that numbers agree within `rel` of the wanted value plus `abs`. */
export function expectNear(what: string, got: tf.Tensor, want: Numbers, rel: number, abs: number): void {
  const [found, wanted] = [got.dataSync(), flat(want)];
  expect(found.length, what).toBe(wanted.length);
  wanted.forEach((value, i) => {
    const difference = Math.abs((found[i] as number) - value);
    expect(difference <= rel * Math.abs(value) + abs, `${what}[${i}]: got ${found[i]}, want ${value}`).toBe(true);
  });
}
