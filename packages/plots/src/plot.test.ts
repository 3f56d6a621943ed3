import { describe, expect, test } from 'vitest';
import { plotSvg, plotTerminal, type Series } from './index.js';
import { panelsOf } from './series.js';
import { short } from './series.js';
import { points, temperature, means, weights } from './fixtures.js';

describe('plotSvg', () => {
  test('an SVG is a complete document with title, panels, legend and axes', () => {
    const svg = plotSvg([temperature, means, ...weights], { title: 'run 1', epochs: [50], xLabel: 'update' });
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg.trim().endsWith('</svg>')).toBe(true);
    for (const text of ['run 1', 'temperature', 'epoch mean', 'weighting', 'soft', 'hard', 'update', '80'])
      expect(svg).toContain(`>${text}</text>`);
    // Quotes inside of attributes would break the document.
    expect(svg).not.toMatch(/style="[^"]*"[A-Za-z]/);
  });

  test('an axis begins near values that are far from 0, and at 0 otherwise', () => {
    const axisOf = (value: (step: number) => number): number[] =>
      [...plotSvg([{ name: 'share', points: points(value) }]).matchAll(/>(\d?\.?\d+)<\/text>/g)]
        .map(([, label]) => Number(label))
        .filter((label) => label <= 1);
    expect(axisOf((step) => 0.88 + step / 1000).filter((label) => label > 0 && label < 0.85)).toEqual([]);
    expect(axisOf((step) => 0.88 + step / 1000).filter((label) => label >= 0.85).length).toBeGreaterThan(2);
    expect(axisOf((step) => 0.3 + step / 150)).toContain(0.2);
  });

  test('updates are labelled by round numbers that do not overlap', () => {
    const svg = plotSvg([{ name: 'a', points: points((step) => step, 3160).slice(8) }]);
    expect([...svg.matchAll(/>(\d+)<\/text>/g)].map(([, label]) => label)).toEqual(expect.arrayContaining(['0', '500', '3000']));
    expect(svg).not.toMatch(/>(8|3159)<\/text>/);
  });

  test('a label has the same colour in all panels', () => {
    const names = ['accuracy.alone', 'accuracy.linear', 'accuracy.cosine', 'temperature.linear', 'temperature.cosine', 'share.other'];
    const panels = panelsOf(names.map((name) => ({ name, points: [] })));
    expect(panels.map(({ series }) => series.map(({ color }) => color))).toEqual([[0, 1, 2], [1, 2], [0]]);
  });

  test('the same series give the same document', () => {
    const svg = plotSvg([temperature, means], { title: 'a', epochs: [50] });
    expect(plotSvg([temperature, means], { title: 'a', epochs: [50] })).toBe(svg);
    expect(svg).not.toMatch(/ (id|class)="/);
  });

  test('names are escaped in the document', () => {
    expect(
      plotSvg([
        {
          name: 'a<b>&c',
          points: [
            [0, 1],
            [1, 2],
          ],
        },
      ]),
    ).toContain('a&lt;b&gt;&amp;c');
  });
});

test.each([
  ['nothing at all', []],
  ['a series without points', [{ name: 'a', points: [] }]],
  ['a single point', [{ name: 'a', points: [[0, 3]] }]],
  [
    'no finite value',
    [
      {
        name: 'a',
        points: [
          [0, Number.NaN],
          [1, Infinity],
        ],
      },
    ],
  ],
  [
    'gaps',
    [
      {
        name: 'a',
        points: [
          [0, 1],
          [1, Number.NaN],
          [2, 3],
        ],
      },
    ],
  ],
  ['a flat line', [{ name: 'a', points: points(() => 4) }]],
  ['a flat line at 0', [{ name: 'a', points: points(() => 0) }]],
  [
    'marks alone',
    [
      {
        name: 'a',
        points: [
          [0, 1],
          [5, 2],
        ],
        marks: true,
      },
    ],
  ],
  [
    'extremes',
    [
      {
        name: 'a',
        points: [
          [0, -1e30],
          [1, 1e30],
        ],
      },
    ],
  ],
  ['very many points', [{ name: 'a', points: points(Math.sin, 200_000) }]],
] as [string, Series[]][])('draws %s', (_, series) => {
  expect(plotTerminal(series, { epochs: [1] }).length).toBeLessThan(10_000);
  const svg = plotSvg(series, { epochs: [1] });
  expect(svg).toContain('</svg>');
  expect(svg).not.toContain('NaN');
  expect(svg.length).toBeLessThan(2_000_000);
});

test('numbers are shortened to their significant digits', () => {
  expect([0, 20, 0.30000000000000004, 1e-5, 123456.789, 5e7, -0.000123461].map((value) => short(value))).toEqual([
    '0',
    '20',
    '0.3',
    '1e-5',
    '123500',
    '5e+7',
    '-0.0001235',
  ]);
});
