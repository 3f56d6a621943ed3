import { describe, expect, test } from 'vitest';
import { createInspection, measure, soften } from '../index.js';
import { judgeClaim } from './claim.js';

describe('measures', () => {
  test("entropy is split into the label's part and the rest", () => {
    const p = [0.7, 0.2, 0.1];
    const { entropy, wrongMass, contrast, information } = measure(p, 0);
    expect(entropy).toBeCloseTo(-(0.7 * Math.log(0.7) + 0.2 * Math.log(0.2) + 0.1 * Math.log(0.1)), 12);
    expect(wrongMass).toBeCloseTo(0.3, 12);
    const ofRest = -((2 / 3) * Math.log(2 / 3) + (1 / 3) * Math.log(1 / 3));
    expect(contrast).toBeCloseTo(Math.log(2) - ofRest, 12);
    expect(information).toBeCloseTo(0.3 * contrast, 12);
    const ofLabel = -(0.7 * Math.log(0.7) + 0.3 * Math.log(0.3));
    expect(entropy).toBeCloseTo(ofLabel + wrongMass * ofRest, 12);
  });
  test('a uniform rest and two classes have no information', () => {
    expect(measure([0.4, 0.3, 0.3], 0).information).toBeCloseTo(0, 12);
    expect(measure([0.4, 0.6], 0).information).toBeCloseTo(0, 12);
    expect(measure([1, 0, 0], 0)).toEqual({ entropy: 0, wrongMass: 0, contrast: 0, information: 0 });
  });
});

describe('inspection', () => {
  const logits = [4, 2, -1, 1, 5, 0, -2, 1, 6];
  const inspect = (labels = [0, 1, 2], options = {}) => {
    const inspection = createInspection({ classes: ['cat', 'dog', 'car'], ...options });
    inspection.add(logits, labels);
    return inspection.result();
  };

  test('entropy, wrong mass and overlap rise with the temperature', () => {
    const { temperatures, accuracy, predictions } = inspect();
    expect([accuracy, predictions]).toEqual([1, 3]);
    expect(temperatures.map(({ temperature }) => temperature)).toEqual([1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20]);
    for (const name of ['entropy', 'wrongMass', 'overlap'] as const) {
      const values = temperatures.map((one) => one[name]);
      expect([...values].sort((a, b) => a - b)).toEqual(values);
    }
  });
  test('each class has its mean prediction and its nearest class', () => {
    const { similarity, classes } = inspect([0, 1, 1], { at: 3 });
    const p = new Float64Array(3);
    soften(logits, 0, 3, p);
    expect(similarity.rows[0]).toEqual([p[0], p[1]]);
    expect(similarity.names).toEqual(['cat', 'dog']);
    expect(classes[0]).toMatchObject({ class: 'cat', samples: 1, own: p[0], nearest: { class: 'dog', probability: p[1] } });
    expect(classes[1]?.nearest.class).toBe('car');
  });
  test('pairs of classes have an overlap', () => {
    const rows = [0, 1, 2].map((i) => {
      const p = new Float64Array(3);
      soften(logits, 3 * i, 10, p);
      return p;
    });
    const pairs = [[0, 1] as const, [0, 2] as const, [1, 2] as const].map(([a, b]) =>
      [0, 1, 2].reduce((sum, c) => sum + Math.sqrt((rows[a]?.[c] as number) * (rows[b]?.[c] as number)), 0),
    );
    const found = inspect().temperatures.find(({ temperature }) => temperature === 10)?.overlap;
    expect(found).toBeCloseTo(pairs.reduce((a, b) => a + b) / 3, 12);
  });
  test('ignored labels and masked positions do not count', () => {
    const inspection = createInspection({ classes: ['a', 'b', 'c'] });
    expect(() => inspection.result()).toThrow(RangeError);
    inspection.add(logits, [0, -100, 2], { mask: [1, 1, 0], positions: 3 });
    expect(inspection.result().predictions).toBe(1);
  });
  test('the matrix exists for at most 256 classes', () => {
    const names = Array.from({ length: 1000 }, (_, i) => String(i));
    const inspection = createInspection({ classes: names, temperatures: [1] });
    for (let i = 0; i < 1000; i++) {
      inspection.add(
        Array.from({ length: 1000 }, (_, c) => (c === i ? 5 : 0)),
        [i],
      );
    }
    const { similarity, omitted, predictions } = inspection.result();
    expect([similarity.rows.length, similarity.rows[0]?.length, omitted, predictions]).toEqual([256, 256, 744, 1000]);
  });
});

describe('the claim of 30 %', () => {
  const means = { entropy: [1, 2], contrast: [1, 0.5] } as const;
  const judged = (factor: number) => {
    const low = Array.from({ length: 200 }, (_, i) => 1 + (i % 7) / 10);
    return judgeClaim({ low, high: low.map((one, i) => one * (factor + (i % 3) / 100 - 0.01)), predictions: 200, ...means });
  };
  test('the claim holds from 25 to 35 %, and its interval contains the change', () => {
    const { verdict, text, information } = judged(1.32);
    expect(verdict).toBe('confirmed');
    expect(text).toMatch(/^Confirmed: .*Measured: \+32 % \(95 % interval over samples: \+3[12] % to \+3[23] %\)\.$/);
    expect(information.interval?.low).toBeLessThan(information.change as number);
    expect(information.interval?.high).toBeGreaterThan(information.change as number);
  });
  test('the claim fails otherwise, with its distance', () => {
    expect(judged(3).text).toContain('Not confirmed');
    expect(judged(3).text).toContain('170 points more than claimed');
    expect(judged(0.5).text).toContain('80 points less than claimed');
  });
  test('the claim is undefined for two classes', () => {
    expect(judgeClaim({ low: [0, 0], high: [0, 0], predictions: 2, ...means }).verdict).toBe('undefined');
  });
});
