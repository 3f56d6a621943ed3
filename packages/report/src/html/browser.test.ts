import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportOf, runOf } from '../fixtures.js';
import { reportHtml } from './report-html.js';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];
const executable = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => names.map((name) => join(folder, name)))
  .find((path) => existsSync(path));
if (executable === undefined) console.warn('No Chromium is installed (apt-get install chromium), so no page is opened in a browser.');

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const hostile = '<img src=x onerror=console.error(1)> a_name_without_a_single_space_that_is_longer_than_a_phone_is_wide';
const seeds = [1, 2, 3].map((seed) => runOf(`cold-${seed}`, { seed, shift: seed / 200 }));
const pages = {
  'a run': reportOf([runOf('first')], { notes: ['something is missing'] }),
  'several runs with seeds': reportOf([], {
    title: 'two',
    kind: 'runs',
    groups: [
      { name: 'cold', isDrawn: true, isJudged: true, runs: seeds },
      { name: 'warm', isDrawn: true, isJudged: true, runs: [runOf('warm', { classes: 20, temperature: 9 })] },
    ],
  }),
  'fifty runs': reportOf(Array.from({ length: 50 }, (_, i) => runOf(`run-${i}`, { temperature: i }))),
  'hostile names': reportOf([runOf(hostile), runOf(`${hostile}2`)], { title: hostile, notes: [hostile], metric: 'accuracy' }),
} as const;

describe.skipIf(executable === undefined)('in Chromium', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'temper-page-'));
    browser = await chromium.launch({ executablePath: executable as string, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a page, and gives what the browser complained about or asked the network for. */
  const open = async (html: string, colorScheme: 'light' | 'dark', width: number): Promise<{ page: Page; faults: string[] }> => {
    const file = join(folder, 'report.html');
    writeFileSync(file, html);
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
    const faults: string[] = [];
    page.on('console', (message) => void (['error', 'warning'].includes(message.type()) && faults.push(message.text())));
    page.on('pageerror', (error) => void faults.push(error.message));
    page.on('request', (request) => void (request.url().startsWith('file:') || faults.push(request.url())));
    await page.goto(pathToFileURL(file).href);
    return { page, faults };
  };

  const looks = (['light', 'dark'] as const).flatMap((scheme) => [360, 1200].map((width) => [scheme, width] as const));

  test.each(Object.entries(pages))(
    'the page of %s has no errors, no overflow and no serious fault for screen readers',
    async (name, report) => {
      const html = await reportHtml(report);
      // The page of fifty runs is large, and takes axe some ten seconds.
      for (const [scheme, width] of name === 'fifty runs' ? looks.slice(0, 1) : looks) {
        const { page, faults } = await open(html, scheme, width);
        expect(faults).toEqual([]);
        // Tables that are closed count too.
        await page.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        await page.evaluate(axe);
        const { violations } = (await page.evaluate('axe.run()')) as {
          violations: { id: string; impact: string; nodes: { html: string }[] }[];
        };
        const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
        expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
        await page.close();
      }
    },
    120_000,
  );

  test('tables of a chart open by the keyboard, and colors follow the reader', async () => {
    const html = await reportHtml(pages['a run']);
    const { page } = await open(html, 'light', 800);
    const background = 'getComputedStyle(document.body).backgroundColor';
    expect(await page.evaluate(background)).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await page.evaluate(background)).toBe('rgb(18, 22, 28)');
    await page.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('details[open] table').count()).toBe(1);
    await page.close();
  });
});
