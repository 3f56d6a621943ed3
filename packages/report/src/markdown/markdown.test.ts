import { describe, expect, test } from 'vitest';
import type { StudentDescription } from '@temper/core';
import { reportOf, runOf } from '../fixtures.js';
import { reportSummary } from '../report/report-summary.js';
import { code, escapeMarkdown } from '../text/markdown.js';
import { cardMark, modelCard } from './model-card.js';
import { reportMarkdown } from './report-markdown.js';

const evil = '<img src=x> | **a** `b` [c](https://d.e) @you www.f.g\n# h\u001b[31m';

test.each([
  ['<b> & *x* _y_', '\\<b\\> \\& \\*x\\* \\_y\\_'],
  ['a | b\n# c', 'a \\| b \\# c'],
  ['@you at x@y', '@<!-- -->you at x@<!-- -->y'],
  ['https://a.b www.c.d', 'https:<!-- -->//a.b www<!-- -->.c.d'],
  ['\u001b[31m', '\\\\u001b\\[31m'],
])('%j is escaped', (text, expected) => {
  expect(escapeMarkdown(text)).toBe(expected);
});

test('code with backticks has a longer fence', () => {
  expect(code('a')).toBe('`a`');
  expect(code('a `b`` c')).toBe('``` a `b`` c ```');
});

describe('a report in Markdown', () => {
  test('has the metrics of student and teacher, the cost and the command', () => {
    const text = reportMarkdown(reportOf([runOf('first')], { notes: ['something is missing'] }));
    for (const part of [
      '## first',
      '| accuracy | 94.0 % | 97.0 % |',
      '| student | 25,450 | 102 kB | 0.0123 | 40 | 2.5 s |',
      '- something is missing',
      'Written by `npx temper report first`',
    ])
      expect(text).toContain(part);
  });

  test('says where the configs of several runs differ', () => {
    const text = reportMarkdown(reportOf([runOf('first'), runOf('second', { temperature: 2 })]));
    expect(text).toContain('| temperature | 4 | 2 |');
    expect(text).toContain('`npx temper compare` pairs seeds');
  });

  test('keeps names with markup in their cells', () => {
    const text = reportMarkdown(reportOf([runOf(evil), runOf('b')], { title: evil, notes: [evil] }));
    expect(text).not.toMatch(/(?<!\\)<img|(?<!\\)\*\*a|@you|https:\/\/d|\n# h/);
    for (const line of text.split('\n').filter((one) => one.startsWith('| ')))
      expect([3, 5, 6, 7]).toContain(line.replaceAll('\\|', '').split('|').length - 1);
  });
});

describe('the summary of a report', () => {
  test('has means and intervals over seeds', () => {
    const runs = [1, 2, 3].map((seed) => runOf(`a-${seed}`, { seed, shift: seed / 200 }));
    const report = reportOf(runs, { kind: 'runs', groups: [{ name: 'a', isDrawn: true, isJudged: true, runs }] });
    const { groups } = reportSummary(report);
    expect(groups[0]?.test?.['accuracy']?.mean).toBeCloseTo(0.95);
    expect(groups[0]?.test?.['accuracy']?.interval?.low).toBeCloseTo(0.95 - 0.0124, 3);
    expect(groups[0]?.runs[1]).toMatchObject({ name: 'a-2', seed: 2, bytes: 102_000, parameters: { student: 25_450 } });
  });

  test('of a comparison has test data of the chosen variant and the baseline alone', () => {
    const report = reportOf([runOf('a'), runOf('b')], { kind: 'comparison' });
    const groups = report.groups.map((group, i) => ({ ...group, isJudged: i === 0 }));
    expect(reportSummary({ ...report, groups }).groups.map(({ test }) => test !== undefined)).toEqual([true, false]);
  });
});

describe('a model card', () => {
  const description: StudentDescription = {
    format: 'temper-student',
    version: 1,
    name: 'student',
    network: 'layers',
    outputs: 'logits',
    classes: ['a', evil],
    labelShape: [],
    inputs: { shape: [28, 28, 1], dtype: 'float32' },
    preparedIn: 'network',
    preparationLayers: [],
  } as StudentDescription;
  const card = (more: Partial<StudentDescription> = {}): string =>
    modelCard({
      name: evil,
      description: { ...description, ...more },
      summary: runOf('x').summary,
      metricFacts: {},
      data: 'digits',
    } as never);

  test('begins with front matter that has library, tags and results, and no license', () => {
    const [, matter = '', text = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(card()) ?? [];
    expect(matter).not.toContain('license');
    expect(matter).toContain('library_name: tfjs\npipeline_tag: image-classification\ntags:\n- knowledge-distillation');
    expect(matter).toContain('    - name: "accuracy"\n      type: "accuracy"\n      value: 0.94');
    expect(matter.split('\n').every((line) => /^( *- | *)?[\w-]+(:( .+)?)?$|^- ".*"$/.test(line))).toBe(true);
    expect(text).toContain(cardMark);
    expect(text).not.toMatch(/(?<!\\)<img/);
  });

  test.each([
    [{ inputs: { shape: [4], dtype: 'float32' } }, 'tabular-classification'],
    [{ inputs: { shape: [20], dtype: 'int32' } }, 'text-classification'],
    [{ inputs: { shape: [20], dtype: 'int32' }, labelShape: [20] }, 'token-classification'],
  ] as [Partial<StudentDescription>, string][])('of %j has the task %s', (more, task) => {
    expect(card(more)).toContain(`pipeline_tag: ${task}`);
  });
});
