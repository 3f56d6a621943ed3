import { describe, expect, test } from 'vitest';
import { plotTerminal, type Series } from './index.js';
import { points, temperature, means, weights } from './fixtures.js';

describe('plotTerminal', () => {
  test('each name before the dot has a panel with both ends on its axes', () => {
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

  test.each([30, 40, 60, 80, 120, 300])('the plot fits in a window of %i columns', (columns) => {
    const long: Series[] = ['soft', 'hard', 'a loss of a long name', 'another one'].map((name) => ({
      name: `weighting.${name}`,
      points: points((step) => 1e5 * step),
    }));
    const lines = plotTerminal([temperature, means, ...long], { columns }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  test('the plot fills a wide window', () => {
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

  test('a logarithmic axis shows the original values', () => {
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

  test('colours appear only on request', () => {
    expect(plotTerminal([temperature])).not.toContain('\u001b[');
    expect(plotTerminal([temperature], { color: true })).toContain('\u001b[');
  });
});
