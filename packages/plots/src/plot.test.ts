import { describe, expect, test } from 'vitest';
import { plotSvg, plotTerminal, type Series } from './index.js';
import { panelsOf } from './series.js';
import { short } from './series.js';

const points = (value: (step: number) => number, steps = 100) => Array.from({ length: steps }, (_, step) => [step, value(step)] as const);
const temperature: Series = { name: 'temperature', points: points((step) => 20 - (19 * step) / 99) };
const means: Series = {
  name: 'temperature.epoch mean',
  points: [
    [24.5, 15.3],
    [74.5, 5.7],
  ],
  marks: true,
};
const weights: Series[] = [
  { name: 'weighting.soft', points: points((step) => step / 99) },
  { name: 'weighting.hard', points: points((step) => 1 - step / 99) },
];

describe('in the terminal', () => {
  test('a panel for each name before the dot, with both ends on the axes', () => {
    const text = plotTerminal([temperature, means, ...weights], { title: 'run 1', epochs: [50] });
    const lines = text.split('\n');
    expect(lines[0]).toBe('run 1');
    expect(lines).toContain('temperature: temperature, epoch mean ●');
    expect(lines).toContain('weighting: soft, hard');
    expect(text).toMatch(/ 20┤━/);
    expect(text).toMatch(/ 1┤/);
    expect(text).toMatch(/ 0 .* 99$/m);
    expect(text).toContain('┊');
    expect(lines.filter((line) => line.includes('●'))).toHaveLength(3);
  });

  test.each([30, 40, 60, 80, 120, 300])('everything fits in a window of %i columns', (columns) => {
    const long: Series[] = ['soft', 'hard', 'a loss of a long name', 'another one'].map((name) => ({
      name: `weighting.${name}`,
      points: points((step) => 1e5 * step),
    }));
    const lines = plotTerminal([temperature, means, ...long], { columns }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  test('a wide window is used', () => {
    expect(
      Math.max(
        ...plotTerminal([temperature], { columns: 100 })
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeGreaterThan(85);
  });

  test('the legend names each series in the colour of its line', () => {
    const text = plotTerminal(weights, { color: true });
    expect(text.split('\n')[0]).toBe('weighting: \u001b[36msoft\u001b[39m, \u001b[33mhard\u001b[39m');
    expect(text).toContain('\u001b[36m━');
  });

  test('a logarithmic axis shows the values themselves', () => {
    const text = plotTerminal([{ name: 'rate', points: points((step) => 10 ** (-step / 33)) }], { logarithmic: true });
    expect(text).toContain('rate (logarithmic)');
    expect(text).toMatch(/ 1┤/);
    expect(text).toMatch(/0\.001┤/);
    expect(plotTerminal([weights[0] as Series], { logarithmic: true })).not.toContain('logarithmic');
  });

  test('labels between short ones are written in full', () => {
    const text = plotTerminal([
      {
        name: 'value',
        points: [
          [0, 2],
          [1, 5],
          [3, 8],
        ],
      },
    ]); // prettier-ignore
    for (const label of ['3.5┤', '6.5┤', '  2┤']) expect(text).toContain(label);
  });

  test('colours only where asked for', () => {
    expect(plotTerminal([temperature])).not.toContain('\u001b[');
    expect(plotTerminal([temperature], { color: true })).toContain('\u001b[');
  });
});

describe('as SVG', () => {
  test('a whole document with title, panels, legend and axes', () => {
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

  test('updates are labelled by round numbers that do not touch', () => {
    const svg = plotSvg([{ name: 'a', points: points((step) => step, 3160).slice(8) }]);
    expect([...svg.matchAll(/>(\d+)<\/text>/g)].map(([, label]) => label)).toEqual(expect.arrayContaining(['0', '500', '3000']));
    expect(svg).not.toMatch(/>(8|3159)<\/text>/);
  });

  test('a label has one colour in all panels', () => {
    const names = ['accuracy.alone', 'accuracy.linear', 'accuracy.cosine', 'temperature.linear', 'temperature.cosine', 'share.other'];
    const panels = panelsOf(names.map((name) => ({ name, points: [] })));
    expect(panels.map(({ series }) => series.map(({ color }) => color))).toEqual([[0, 1, 2], [1, 2], [0]]);
  });

  test('the same series give the same document', () => {
    const svg = plotSvg([temperature, means], { title: 'a', epochs: [50] });
    expect(plotSvg([temperature, means], { title: 'a', epochs: [50] })).toBe(svg);
    expect(svg).not.toMatch(/ (id|class)="/);
  });

  test('names are escaped', () => {
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

test('numbers have the digits that count', () => {
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
