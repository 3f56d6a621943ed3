import '@tensorflow/tfjs-node';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { readBatch } from './testing/read-batch.js';
import { flowers, loaded } from './testing/csv-tables.js';

const raw = { scale: 1, test: 0.25, validation: 0.2 } as const;

describe('csv', () => {
  test('a table is split into parts, and its classes are the labels in order', async () => {
    const splits = await loaded(flowers, raw);
    expect([splits.train.size, splits.validation.size, splits.test.size]).toEqual([12, 3, 5]);
    expect(splits.train).toMatchObject({ inputShape: [2], classes: 2 });
    const seen: number[] = [];
    for (const part of [splits.train, splits.validation, splits.test]) {
      const { inputs, labels } = await readBatch(part);
      labels.forEach((label, i) => {
        const long = inputs[2 * i] as number;
        expect([inputs[2 * i + 1], label]).toEqual([5, long % 2 === 0 ? 1 : 0]);
        seen.push(long);
      });
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test('columns are scaled to mean 0 and deviation 1 of the training part alone', async () => {
    const rawTrain = (await readBatch((await loaded(flowers, raw)).train)).inputs.filter((_, i) => i % 2 === 0);
    const splits = await loaded(flowers, { ...raw, scale: 'standard' });
    const mean = rawTrain.reduce((sum, x) => sum + x, 0) / rawTrain.length;
    const sd = Math.sqrt(rawTrain.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rawTrain.length);
    const { inputs } = await readBatch(splits.train);
    rawTrain.forEach((x, i) => expect(inputs[2 * i]).toBeCloseTo((x - mean) / sd, 5));
    // A constant column is only moved.
    expect(inputs.filter((_, i) => i % 2 === 1).every((x) => x === 0)).toBe(true);
    const rawTest = (await readBatch((await loaded(flowers, raw)).test)).inputs;
    expect((await readBatch(splits.test)).inputs[0]).toBeCloseTo(((rawTest[0] as number) - mean) / sd, 5);
  });

  test('the data records its preparation, its column names and its classes', async () => {
    const { train, test: tested } = await loaded(flowers, { ...raw, scale: 'standard' });
    expect(train).toMatchObject({
      classNames: ['aster', 'rose'],
      inputNames: ['long', 'wide'],
      preparation: { type: 'standardise', rounding: 0 },
    });
    expect(tested.preparation).toBe(train.preparation);
    expect((await loaded(flowers, { scale: 0.5 })).train.preparation).toEqual({ type: 'scale', factor: 0.5 });
    expect((await loaded(flowers, { scale: 1 })).train.preparation).toEqual({ type: 'none' });
  });

  test('columns are standardised in float64, so that time stamps stay accurate', async () => {
    const start = 1_700_000_000_000;
    const text = `time,kind\n${Array.from({ length: 40 }, (_, i) => `${start + i},${i % 2}`).join('\n')}`;
    const { train } = await loaded(text);
    const { inputs } = await readBatch(train);
    expect(new Set(inputs).size).toBe(train.size);
    const { preparation } = train;
    if (preparation?.type !== 'standardise') throw new Error('not standardised');
    const [mean, deviation] = [preparation.mean[0] as number, preparation.deviation[0] as number];
    inputs.forEach((x) => {
      const index = x * deviation + mean - start;
      expect(Math.abs(index - Math.round(index))).toBeLessThan(1e-3);
    });
    expect(preparation.rounding).toBeGreaterThan(100);
  });

  test.each([
    ['of time stamps warns with every factor', 1_700_000_000_000, 1e-12, true],
    ['of time stamps warns without a factor', 1_700_000_000_000, 1, true],
    ['of whole numbers up to 2²⁴ is accurate', 16_000_000, 1, false],
    ['of bytes is accurate', 0, 1 / 255, false],
  ])('a column %s', async (_, start, scale, warns) => {
    const text = `time,size,kind\n${Array.from({ length: 40 }, (_, i) => `${start + i},${i % 7},${i % 2}`).join('\n')}`;
    const { warnings = [] } = await loaded(text, { scale });
    const found = warnings.filter((warning) => warning.includes('too little for float32'));
    expect(found).toEqual(
      warns ? [expect.stringMatching(/^f\.csv: the column "time" varies .* leave scale out, which subtracts the mean first$/)] : [],
    );
  });

  test.each([2 ** 53 - 1, -1.7e18, 0.1, 0])('a column whose values are all %d becomes 0 and fits in float32', async (value) => {
    const text = `same,size,kind\n${Array.from({ length: 40 }, (_, i) => `${value},${i % 7},${i % 2}`).join('\n')}`;
    const { train } = await loaded(text);
    expect((await readBatch(train)).inputs.filter((_, i) => i % 2 === 0).every((x) => x === 0)).toBe(true);
    expect(train.preparation).toMatchObject({ type: 'standardise', deviation: [Math.max(1, Math.abs(value)), expect.any(Number)] });
    expect((train.preparation as { rounding: number }).rounding).toBeLessThan(2 ** -20);
  });

  test.each<[string, (i: number) => string, object, boolean]>([
    ['whole prices', (i) => String(50 + ((i * 37) % 97)), {}, true],
    ['dates', (i) => `2024-${10 + (i % 3)}-${10 + (i % 19)}`, {}, true],
    ['listed dates', (i) => `day ${i % 60}`, { classes: Array.from({ length: 60 }, (_, i) => `day ${i}`) }, false],
    ['letters', (i) => String.fromCharCode(65 + (i % 26)), {}, false],
    ['whole numbers without gaps', (i) => String(i % 40), {}, false],
  ])('csv warns about labels with few samples each unless they are classes: %s', async (_, label, options, warns) => {
    const text = `size,kind\n${Array.from({ length: 260 }, (_, i) => `${i % 7},${label(i)}`).join('\n')}`;
    const { warnings = [] } = await loaded(text, options);
    const found = warnings.filter((warning) => warning.includes('are they classes?'));
    expect(found).toEqual(warns ? [expect.stringMatching(/^f\.csv: the column "kind" has \d+ different values in 260 lines/)] : []);
  });

  test('csv treats labels with a decimal comma as measurements and refuses them', async () => {
    const text = `size;kind\n${Array.from({ length: 40 }, (_, i) => `${i % 7};${100 + i},25`).join('\n')}`;
    await expect(loaded(text)).rejects.toThrow('these are measurements, not classes');
  });

  test('a column that varies only by float64 rounding counts as constant', async () => {
    const text = `sum,size,kind\n${Array.from({ length: 40 }, (_, i) => `${i % 3 === 0 ? 0.3 : 0.1 + 0.2},${i % 7},${i % 2}`).join('\n')}`;
    const { train } = await loaded(text);
    expect((await readBatch(train)).inputs.filter((_, i) => i % 2 === 0).every((x) => Math.abs(x) < 1e-15)).toBe(true);
  });

  test('csv applies the options for columns, shape and factor', async () => {
    const text = `id,a,b,c,d,y\n${Array.from({ length: 9 }, (_, i) => `${i},2,4,6,8,${i % 3}`).join('\n')}`;
    const { train } = await loaded(text, { label: 'y', inputs: ['d', 'c', 2, 1], inputShape: [2, 2, 1], scale: 0.5, classes: 3 });
    const { inputs, shape } = await readBatch(train, [0]);
    expect([shape, [...inputs]]).toEqual([
      [1, 2, 2, 1],
      [4, 3, 2, 1],
    ]);
    expect(train.classes).toBe(3);
  });

  test('csv reads tables without header, with quotes, separators and blank lines', async () => {
    const text = '\ufeff1;"2";a\r\n\r\n3;4;"b;""c"""\r\n5;6;a\r\n 7 ; 8 ;"b;""c"""\r\n';
    const splits = await loaded(text, { header: false, label: 2, separator: ';', scale: 1 });
    expect([splits.train.size, splits.validation.size, splits.test.size, splits.train.classes]).toEqual([2, 1, 1, 2]);
  });

  test('classes are sorted as numbers or texts, and listed names keep their order', async () => {
    const numbers = `x,kind\n${[10, 9, 100, 9, 10].map((label) => `${label},${label}`).join('\n')}`;
    const check = async (text: string, options: object, order: (x: number) => number) => {
      const { train } = await loaded(text, { scale: 1, ...options });
      const { inputs, labels } = await readBatch(train);
      labels.forEach((label, i) => expect(label).toBe(order(inputs[i] as number)));
    };
    await check(numbers, {}, (x) => [9, 10, 100].indexOf(x));
    await check(numbers, { classes: ['100', '10', '9'] }, (x) => [100, 10, 9].indexOf(x));
    await check('x,kind\n1,1.0\n2,2\n0,0\n1,1\n', { classes: 3 }, (x) => x);
  });

  test('csv finds the columns of a test file by their names', async () => {
    const splits = await loaded(flowers, { scale: 1, testPath: 't.csv' }, { 't.csv': 'kind,id,wide,long\naster,0,3,4\nrose,1,6,7\n' });
    expect([splits.train.size, splits.validation.size]).toEqual([17, 3]);
    expect(await readBatch(splits.test)).toMatchObject({ inputs: Float32Array.of(4, 3, 7, 6), labels: Int32Array.of(0, 1) });
  });

  test.prop([fc.integer({ min: 0, max: 1000 })], { numRuns: 10 })('the seed alone decides which samples are in each part', async (seed) => {
    const [one, two] = [await loaded(flowers, { seed }), await loaded(flowers, { seed })];
    expect(await readBatch(one.train)).toEqual(await readBatch(two.train));
  });

  const cell = fc.oneof(fc.double({ noDefaultInfinity: true, noNaN: true, min: -1e30, max: 1e30 }), fc.integer());
  test.prop([fc.array(fc.tuple(cell, cell), { minLength: 3, maxLength: 20 })], { numRuns: 30 })(
    'every number of a table is read in single precision',
    async (rows) => {
      const text = `a,b,kind\n${rows.map(([a, b], i) => `${a},${b},${i % 2}`).join('\n')}\n`;
      const splits = await loaded(text, { scale: 1, label: 'kind' });
      const found: string[] = [];
      for (const part of [splits.train, splits.validation, splits.test]) {
        const { inputs } = await readBatch(part);
        for (let i = 0; i < part.size; i++) found.push(`${inputs[2 * i]},${inputs[2 * i + 1]}`);
      }
      expect(found.toSorted()).toEqual(rows.map(([a, b]) => `${Math.fround(a)},${Math.fround(b)}`).toSorted());
    },
  );
});

describe('tables larger than the memory limit', () => {
  test.each([
    ['of numbers', flowers, {}],
    ['with a column that counts the lines', flowers.replace('long,', ',long,').replaceAll(/\n/g, () => '\n0,'), {}],
    ['that is not scaled', flowers, raw],
    ['with a shape', flowers, { inputShape: [2, 1] }],
  ])('samples stay on disk and equal those in memory for a table %s', async (_, text, options) => {
    const lines = text
      .split('\n')
      .map((line, i) => line.replace(/^0,/, `${i},`))
      .join('\n');
    const [kept, stored] = [await loaded(lines, options), await loaded(lines, { ...options, memory: 100 })];
    expect([kept.train.inMemory, stored.train.inMemory, stored.test.inMemory]).toEqual([true, false, false]);
    expect(stored.train.preparation).toEqual(kept.train.preparation);
    expect(stored.warnings).toEqual(kept.warnings);
    for (const part of ['train', 'validation', 'test'] as const) expect(await readBatch(stored[part])).toEqual(await readBatch(kept[part]));
  });

  test('samples on disk are compared with those of the test file', async () => {
    const test = flowers
      .split('\n')
      .toReversed()
      .filter((line) => line !== 'long,wide,kind')
      .join('\n');
    const splits = await loaded(flowers, { memory: 100, testPath: 't.csv' }, { 't.csv': `long,wide,kind\n${test}\n` });
    expect(splits.warnings).toContain('t.csv: all 20 test samples are also training samples, so the test overrates the student');
  });
});
