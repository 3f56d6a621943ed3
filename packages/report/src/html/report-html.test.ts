import { describe, expect, test } from 'vitest';
import { reportOf, runOf } from '../fixtures.js';
import { reportHtml } from './report-html.js';

const headings = (page: string): string[] => [...page.matchAll(/<h2[^>]*>(.*?)<\/h2>/g)].map(([, title]) => title as string);

describe('page of a run', () => {
  test('the page has all sections, and a table for each chart', async () => {
    const page = await reportHtml(reportOf([runOf('first')]));
    expect(headings(page)).toEqual([
      'Result on test data',
      'Temperature and weights',
      'Metrics on validation data',
      'Losses',
      'Calibration',
      'Confusion on test data',
      'Cost',
      'Config',
      'To repeat it',
    ]);
    expect(page.match(/<svg [^>]*role="img"/g)?.length).toBe(page.match(/<summary>Numbers/g)?.length);
    for (const text of ['94.0 %', '97.0 %', '25,450', '102 kB', '0.0123', 'runs/first/config.json --name first-again'])
      expect(page).toContain(text);
  });

  test('accuracies from 0.88 to 0.96 have an axis that fits them', async () => {
    const page = await reportHtml(reportOf([runOf('first')]));
    const chart = page.slice(
      page.indexOf('<figcaption>accuracy</figcaption>'),
      page.indexOf('</svg>', page.indexOf('<figcaption>accuracy')),
    );
    const labels = [...chart.matchAll(/>(\d+) %<\/text>/g)].map(([, label]) => Number(label));
    expect(labels.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...labels)).toBeGreaterThanOrEqual(85);
  });

  test('the curves of a run exclude the updates of its teacher', async () => {
    const page = await reportHtml(reportOf([runOf('first')]));
    expect(page).toContain('learning rate. first: from 0.001 at update 1 to 0.001 at update 40.');
  });

  test('the page loads nothing, runs nothing and is the same for the same run', async () => {
    const report = reportOf([runOf('first')]);
    const page = await reportHtml(report);
    expect(page).not.toMatch(/<script|<link|<iframe|@import|url\(|src=/);
    expect(page.match(/https?:\/\/[^"'\s]*/g)?.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([]);
    expect(page).toContain(`content="default-src &#39;none&#39;;`);
    expect(await reportHtml(report)).toBe(page);
  });

  test('the page without summary, networks and records has config and commands', async () => {
    const { summary: _s, curves: _c, student: _n, ...bare } = runOf('first');
    const page = await reportHtml(reportOf([bare], { notes: ['first is not finished'] }));
    expect(headings(page)).toEqual(['Config', 'To repeat it']);
    expect(page).toContain('<li>first is not finished</li>');
  });
});

test('markup and control characters of names are escaped', async () => {
  const evil = '<img src=x onerror=alert(1)>"\'&amp;\u001b[31m\u202e\u0000\ud800 `|@you';
  const run = runOf(evil);
  const named = { ...run, config: { data: { type: evil } }, student: { ...run.student, classes: [evil, 'b', 'c'] } };
  const { summary } = run;
  const page = await reportHtml(reportOf([named, runOf('b')], { title: evil, notes: [evil], metric: evil, versions: { [evil]: evil } }));
  expect(summary).toBeDefined();
  expect(page).not.toMatch(/<img|onerror=alert\(1\)>"/);
  // eslint-disable-next-line no-control-regex -- none of them may be left
  expect(page).not.toMatch(/[\u0000-\u0008\u001b\u202e]|\p{Surrogate}/u);
  expect(page).toContain('&lt;img src=x');
});

describe('page of several runs', () => {
  test('a run has the same color in every chart, with its name in a legend', async () => {
    const page = await reportHtml(reportOf([runOf('first'), runOf('second', { shift: 0.01, temperature: 2 })]));
    const figures = page.match(/<figure>[\s\S]*?<\/figure>/g) ?? [];
    const lines = figures.filter((one) => one.includes('var(--plot-0')).length;
    expect(lines).toBe(figures.length);
    expect(figures.every((one) => one.includes('var(--plot-1'))).toBe(true);
    expect(page).toContain('stroke="var(--plot-1)" stroke-dasharray=""/></svg> second');
    expect(headings(page)).toContain('Seeds: accuracy');
    expect(page).toMatch(/<th scope="row" class="text">temperature<\/th><td class="text">4<\/td><td class="text">2<\/td>/);
  });

  test('seeds are shown as a band and as points with an interval', async () => {
    const runs = [1, 2, 3].map((seed) => runOf(`a-${seed}`, { seed, shift: seed / 200 }));
    const page = await reportHtml(reportOf(runs, { kind: 'runs', groups: [{ name: 'a', isDrawn: true, isJudged: true, runs }] }));
    expect(page).toContain('fill-opacity="0.18"');
    expect(page).toContain('95.0 % (93.8 % to 96.2 %)');
    expect(page).toContain('1: 94.5 %, 2: 95.0 %, 3: 95.5 %');
  });

  test('the page stays below 2 MB for 50 runs and for 1,000 classes', async () => {
    const runs = Array.from({ length: 50 }, (_, i) => runOf(`run-${i}`, { temperature: i }));
    const page = await reportHtml(reportOf(runs));
    expect(page.length).toBeLessThan(2e6);
    expect(page).toContain('Charts show 12 of 50');
    expect(page).toContain('run-49');
    const large = await reportHtml(reportOf([runOf('large', { classes: 1000 })]));
    expect(large.length).toBeLessThan(500_000);
    expect(large).toContain('1000 classes: the most frequent of 1,000 confusions.');
  });
});
