import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { comparisonSchema } from './comparison-schema.js';
import { judge, type VariantResults } from './judge.js';
import { studentAlone, variantsOf } from './variants.js';

const of = (given: object) => variantsOf(comparisonSchema.parse(given));

describe('variants', () => {
  test('variants are the student alone, named variants and grid combinations', () => {
    const { variants, baselines } = of({
      variants: { hot: { temperature: 20 } },
      grid: { temperature: [1, 4], 'weighting.soft': [0.5, 0.9] },
    });
    expect(variants.map(({ name }) => name)).toEqual([
      studentAlone,
      'hot',
      'temperature=1, weighting.soft=0.5',
      'temperature=1, weighting.soft=0.9',
      'temperature=4, weighting.soft=0.5',
      'temperature=4, weighting.soft=0.9',
    ]);
    expect(variants[3]?.changes).toEqual({ temperature: 1, 'weighting.soft': 0.9 });
    expect(baselines).toEqual([studentAlone]);
    expect(of({ variants: { a: {}, b: {} }, studentAlone: false }).baselines).toEqual(['a']);
  });
  test('a variant named "teacher" has another folder than the teacher', () => {
    expect(of({ variants: { teacher: {} }, studentAlone: false }).variants[0]?.folder).toBe('teacher-2');
  });
  test('variants of a large grid are a sample that the seed repeats', () => {
    const grid = { a: Array.from({ length: 400 }, (_, i) => i), b: Array.from({ length: 250 }, (_, i) => i) };
    const names = of({ grid, sample: 30, studentAlone: false }).variants.map(({ name }) => name);
    expect([names.length, new Set(names).size]).toEqual([30, 30]);
    expect(of({ grid, sample: 30, studentAlone: false }).variants.map(({ name }) => name)).toEqual(names);
    expect(of({ grid: { a: [1, 2, 3, 4] }, sample: 3, studentAlone: false }).variants).toHaveLength(3);
    expect(of({ grid: { a: [1, 2] }, sample: 9, studentAlone: false }).variants).toHaveLength(2);
  });
  test.prop([
    fc.dictionary(fc.string({ minLength: 1, maxLength: 40 }), fc.constant({}), { minKeys: 1, maxKeys: 20, noNullPrototype: true }),
  ])('variants with any names have distinct folders below the comparison', (variants) => {
    const parsed = comparisonSchema.safeParse({ variants });
    if (!parsed.success) return;
    const folders = variantsOf(parsed.data).variants.map(({ folder }) => folder);
    expect(new Set(folders).size).toBe(folders.length);
    for (const folder of folders) expect(folder).toMatch(/^[a-z0-9][a-z0-9-]{0,70}$/);
  });
  test.each([
    [{}, 'variants: must name at least one variant, or give a grid'],
    [
      { grid: { a: Array.from({ length: 400 }, (_, i) => i), b: Array.from({ length: 250 }, (_, i) => i) } },
      'grid: makes 100,000 variants, more than 1,000',
    ],
    [{ variants: { a: {} }, sample: 3 }, 'sample: takes combinations of a grid, and there is no grid'],
    [{ variants: { [studentAlone]: {} } }, 'variants: has two variants named "student alone"'],
    [{ variants: { a: {} }, baseline: 'student allone' }, 'baseline: unknown variant "student allone"; did you mean "student alone"?'],
  ])('variants of %j are refused', (given, message) => {
    expect(() => of(given)).toThrow(message);
  });
});

describe('judge', () => {
  const results = (name: string, validation: readonly number[], tests = validation): VariantResults => ({
    name,
    bySeed: new Map(validation.map((value, i) => [i + 1, { validation: value, test: tests[i] as number }])),
  });
  const all = [
    results('base', [0.8, 0.81, 0.79]),
    results('good', [0.85, 0.86, 0.845]),
    results('lucky on test', [0.8, 0.82, 0.78], [0.9876, 0.9876, 0.9876]),
  ];

  test('the choice uses validation data, and test data counts for the chosen variant', () => {
    const { chosen, variants } = judge(all, ['base'], 'max');
    expect(chosen.name).toBe('good');
    expect(chosen.test.pairs?.difference).toBeCloseTo(0.0517, 3);
    expect(JSON.stringify(variants)).not.toContain('0.9876');
    expect(judge(all, ['base'], 'min').chosen.name).not.toBe('good');
  });
  test('the best of several baselines on validation data is compared', () => {
    const { baseline, chosen } = judge([...all, results('better', [0.9, 0.91, 0.9])], ['base', 'good'], 'max');
    expect([baseline, chosen.name]).toEqual(['good', 'better']);
    expect(judge(all, ['base', 'good'], 'max').chosen.test.pairs).toBeUndefined();
    expect(() => judge(all, ['none'], 'max')).toThrow('no variant is named none');
  });
  test('p-values are corrected for all compared variants', () => {
    const [, good] = judge(all, ['base'], 'max').variants;
    expect(good?.corrected).toBeCloseTo(2 * (good?.pairs?.p as number), 12);
  });
  test('only seeds of both variants are paired, and one seed has no interval', () => {
    const missing = { ...all[1], name: 'good', bySeed: new Map([[2, { validation: 0.86, test: 0.86 }]]) };
    const [, good] = judge([all[0] as VariantResults, missing], ['base'], 'max').variants;
    expect(good?.pairs).toEqual({ n: 1, difference: expect.closeTo(0.05, 9) as number });
    expect(good?.interval).toBeUndefined();
    expect(() => judge([{ name: 'base', bySeed: new Map() }], ['base'], 'max')).toThrow(RangeError);
  });
});
