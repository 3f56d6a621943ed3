import { describe, expect, test } from 'vitest';
import { chartSvg, chartVariables, type Chart } from '../index.js';
import { roundPart, ticksAround } from './ticks.js';

const axes = { x: { label: 'update' }, y: { label: 'T' } };
const line = (value: (i: number) => number, count = 50) => Array.from({ length: count }, (_, i) => [i, value(i)] as const);
const labels = (svg: string): string[] => [...svg.matchAll(/>([^<>\n]+)<\/text>/g)].map(([, text]) => text as string);

describe('axes', () => {
  test.each([
    [[0.88, 0.96], { min: 0.88, max: 0.96, interval: 0.02 }],
    [[1, 20], { min: 0, max: 20, interval: 5 }],
    [[-3, -1], { min: -3, max: 0, interval: 1 }],
    [[0], { min: 0, max: 1, interval: 0.5 }],
    [[], { min: 0, max: 1, interval: 0.5 }],
  ])('an axis of %j fits the values', (values, expected) => {
    expect(ticksAround(values, 4)).toEqual(expected);
  });

  test('an axis of a flat line has the line in its middle', () => {
    for (const values of [
      [4, 4],
      [0.3, 0.1 + 0.2],
    ]) {
      const { min, max } = ticksAround(values, 4);
      expect((min + max) / 2).toBeCloseTo(values[0] as number);
    }
  });

  test.each([1e-12, 0.3, 7, 1e30])('axes divide %d into few round parts', (length) => {
    expect(length / roundPart(length, 5)).toBeLessThanOrEqual(5.0001);
  });

  test('an axis with given ends labels only round values', () => {
    const svg = chartSvg({ ...axes, x: { label: 'update', range: [0, 168] }, lines: [{ color: 0, points: line((i) => i) }] });
    expect(labels(svg)).toContain('150');
    expect(labels(svg)).not.toContain('168');
  });

  test('axes of shares are in percent, and long names are shortened', () => {
    const svg = chartSvg({
      x: { label: 'accuracy', unit: 'share' },
      y: { label: '', names: ['a', 'a very long name of a variant that does not fit'] },
      intervals: [
        { color: 0, y: 0, middle: 0.9, low: 0.88, high: 0.92 },
        { color: 1, y: 1, middle: 0.91 },
      ],
      dots: [{ color: 0, points: [[0.9, 0]] }],
    });
    expect(labels(svg)).toEqual(expect.arrayContaining(['90 %', 'a']));
    expect(labels(svg).some((label) => label.endsWith('…'))).toBe(true);
  });
});

test('a color is a variable of the page, and after seven the dash changes', () => {
  const svg = chartSvg({ ...axes, lines: [0, 1, 7].map((color) => ({ color, points: line((i) => i + color) })) });
  expect(svg.match(/stroke="var\(--plot-0,#2563eb\)"/g)).toHaveLength(2);
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
  // No color is left that a dark page could not change.
  expect(svg).not.toMatch(/="#|="rgb/);
  for (const name of svg.match(/--plot-\w+/g) ?? []) expect(chartVariables('dark')).toContain(name);
});

test.each<[string, Chart]>([
  ['nothing', axes],
  ['a single point', { ...axes, lines: [{ color: 0, points: [[0, 3]] }] }],
  ['gaps and no finite value', { ...axes, lines: [{ color: 0, points: line((i) => (i % 2 ? NaN : Infinity)) }] }],
  ['extremes', { ...axes, lines: [{ color: 0, points: line((i) => (i - 25) * 1e300) }] }],
  ['a band', { ...axes, bands: [{ color: 0, points: line((i) => i).map(([x, y]) => [x, y - 1, y + 1] as const) }], verticals: [20] }],
  ['a diagonal', { x: { label: '', range: [0, 1] }, y: { label: '', range: [0, 1] }, diagonal: true }],
])('%s can be drawn, and the drawing is the same each time', (_, chart) => {
  const svg = chartSvg(chart);
  expect(svg).toMatch(/^<svg xmlns/);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  expect(chartSvg(chart)).toBe(svg);
});

test('names are escaped in the chart', () => {
  const svg = chartSvg({ x: { label: '<b>&' }, y: { label: '', names: ['<i>'] }, dots: [{ color: 0, points: [[1, 0]] }] });
  expect(svg).toContain('&lt;b&gt;&amp;');
  expect(svg).not.toMatch(/<[bi]>/);
});
