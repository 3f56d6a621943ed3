import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { quick } from '../testing/quick.js';
import { small } from '../testing/small-run.js';
import { keptFolder } from '../testing/temper.js';

let cwd: string;
beforeAll(async () => {
  const table = Array.from({ length: 120 }, (_, i) => `${i % 7},${(i * 5) % 11},${'abc'[i % 3] as string}`).join('\n');
  cwd = await keptFolder({
    'c.json': small,
    'table.csv': `x,y,label\n${table}\n`,
    'csv.json': {
      ...small,
      data: { type: 'csv', path: 'table.csv', label: 'label' },
      teacher: undefined,
      weighting: { hard: 1 },
      batchSize: 20,
    },
  });
  for (const args of [
    ['c.json', '--name', 'first'],
    ['c.json', '--name', 'cold-1', '--set', 'temperature=1'],
    ['c.json', '--name', 'cold-2', '--set', 'temperature=1', '--set', 'seed=2'],
    ['csv.json', '--name', 'table'],
  ]) {
    const { status, stderr } = await quick(['run', ...args], cwd);
    expect(status, stderr).toBe(0);
  }
}, 120_000);

const page = (name: string): string => readFileSync(join(cwd, name), 'utf8');
const copyOf = (name: string): string => {
  const copy = `${name}-copy-${String(Math.random()).slice(2)}`;
  cpSync(join(cwd, 'runs', name), join(cwd, 'runs', copy), { recursive: true });
  return copy;
};

describe('temper report', () => {
  test('report writes the page of a run into its folder', async () => {
    const { status, stdout, stderr } = await quick(['report', 'first'], cwd);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('note:')]);
    expect(stdout).toBe(`written: ${join('runs', 'first', 'report', 'report.html')} (report.md and summary.json next to it)\n`);
    const text = page('runs/first/report/report.html');
    expect(text).toContain('id="calibration"');
    expect(text).toContain('Confusion matrix');
    expect(text).toContain(' run runs/first/config.json --name first-again</pre>');
    expect(text).toContain(' report first</pre>');
  });

  test('report writes the figures of the run as Markdown, as JSON and on the card of the student', async () => {
    const { status, stdout } = await quick(['report', 'first', '--json'], cwd);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(page('runs/first/report/summary.json')));
    const { test: reached } = JSON.parse(page('runs/first/summary.json')) as { test: { accuracy: number } };
    const shown = `${(100 * reached.accuracy).toFixed(1)} %`;
    expect(page('runs/first/report/report.md')).toContain(shown);
    const card = page('runs/first/student/README.md');
    expect(card).toMatch(/^---\nlibrary_name: tfjs\n/);
    expect(card).toContain(`type: "accuracy"\n      value: ${reached.accuracy}\n`);
    expect(card).toContain(shown);
  });

  test('report leaves a card that was edited', async () => {
    const name = copyOf('first');
    writeFileSync(join(cwd, 'runs', name, 'student', 'README.md'), 'My own text.\n');
    const { status, stderr } = await quick(['report', name, '--no-evaluate'], cwd);
    expect(status).toBe(0);
    expect(stderr).toContain('note:');
    expect(page(`runs/${name}/student/README.md`)).toBe('My own text.\n');
  });

  test('report groups the seeds of a config next to other runs', async () => {
    const { status, stdout } = await quick(['report', 'cold-1', 'runs/first', 'cold-2', '--no-evaluate'], cwd);
    expect([status, stdout]).toEqual([0, `written: ${join('report', 'report.html')} (report.md and summary.json next to it)\n`]);
    const text = page('report/report.html');
    expect(text).toContain('cold <span class="dim">(2 seeds)</span>');
    expect(text).not.toContain('id="confusion"');
  });

  test('the command on the page repeats the run', async () => {
    const { status, stderr } = await quick(['run', 'runs/cold-2/config.json', '--name', 'cold-2-again'], cwd);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(page('runs/cold-2-again/summary.json'))).toMatchObject({
      test: (JSON.parse(page('runs/cold-2/summary.json')) as { test: object }).test,
    });
  });

  test('the page of a run without teacher and data names the missing parts', async () => {
    expect((await quick(['report', 'table'], cwd)).stderr).not.toContain('note:');
    expect(page('runs/table/report/report.html')).toContain('id="confusion"');
    rmSync(join(cwd, 'table.csv'));
    const { status, stderr } = await quick(['report', 'table'], cwd);
    expect(status).toBe(0);
    expect(stderr).toMatch(/note: table: no calibration, confusion and times: .*table\.csv/);
    expect(page('runs/table/report/report.html')).toMatch(
      /Result on test data[\s\S]*no calibration|no calibration[\s\S]*Result on test data/,
    );
  });

  test('the page of an unfinished run has its curves and the command that resumes it', async () => {
    const name = copyOf('first');
    rmSync(join(cwd, 'runs', name, 'summary.json'));
    rmSync(join(cwd, 'runs', name, 'student'), { recursive: true });
    const { status, stderr } = await quick(['report', name], cwd);
    expect(status).toBe(0);
    expect(stderr).toMatch(new RegExp(`note: ${name} is not finished \\(\\d+ of \\d+ updates\\).*--resume ${name}`));
    expect(page(`runs/${name}/report/report.html`)).toContain('id="metrics"');
  });

  test('the page of a damaged run reports the damaged files', async () => {
    const name = copyOf('first');
    const folder = join(cwd, 'runs', name);
    appendFileSync(join(folder, 'metrics.jsonl'), '{"type":"steps","sta\n\u0000\u0001\n[]\n');
    writeFileSync(join(folder, 'summary.json'), '{"test":');
    writeFileSync(join(folder, 'student', 'weights.bin'), 'no weights');
    const { status, stderr } = await quick(['report', name], cwd);
    expect(status).toBe(0);
    expect(stderr).toContain('3 lines of metrics.jsonl are no records');
    expect(stderr).toContain('summary.json is damaged');
    rmSync(join(folder, 'metrics.jsonl'));
    expect((await quick(['report', name], cwd)).stderr).toContain('metrics.jsonl cannot be read');
  });

  test.each([
    [['report', 'nothing'], 'nothing: no run or comparison of this name'],
    [['report', 'empty'], 'empty: is neither the folder of a run nor that of a comparison'],
    [['report', 'first', '--out', 'c.json/x'], 'the folder cannot be made'],
    [['report'], "missing required argument 'runs'"],
  ])('report refuses %j', async (args, message) => {
    mkdirSync(join(cwd, 'empty'), { recursive: true });
    const { status, stderr } = await quick(args, cwd);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
