import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { isLong } from '../fixtures/long.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const temper = join(root, 'packages/cli/bin/temper.mjs');
const runs = mkdtempSync(join(tmpdir(), 'temper-examples-'));
afterAll(() => rmSync(runs, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

function start(example: string, args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, args, { cwd: join(root, 'examples', example), stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (err += text));
  const ended = new Promise<Ended>((resolve) => child.on('close', (status, signal) => resolve({ status, signal, out, err })));
  return { child, ended };
}

const run = (example: string, ...args: string[]): Promise<Ended> => start(example, args).ended;
const lines = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('examples', () => {
  test('digits compares the students and names the files that it wrote', async () => {
    const { status, out, err } = await run('digits', 'main.mjs', '--quick', '--seeds', '2', '--runs', runs);
    expect(err).not.toContain('warning');
    expect(status).toBe(0);
    for (const name of ['teacher', 'alone', 'constant 4', 'linear 20 → 1', 'cosine 20 → 1']) expect(out).toContain(name);
    const folder = join(runs, 'digits-1');
    expect(readFileSync(join(folder, 'digits.svg'), 'utf8')).toMatch(/^<svg[\s\S]*cosine/);
    const rows = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as {
      name: string;
      accuracy: number[];
      parameters: number;
    }[];
    expect(rows.map(({ accuracy }) => accuracy.length)).toEqual([1, 2, 2, 2, 2]);
    expect(rows[0]?.parameters).toBeGreaterThan(2 * (rows[1]?.parameters ?? Infinity));
    expect(existsSync(join(folder, 'linear-20-1-seed-2', 'student', 'model.json'))).toBe(true);
  });

  test('custom-schedule uses its own schedule and weighting by their names', async () => {
    const { status, out, err } = await run('custom-schedule', temper, 'run', '--name', 'own', '--runs', runs, '--json');
    expect([status, err.includes('at Object')]).toEqual([0, false]);
    expect(JSON.parse(out)).toMatchObject({ name: 'own', test: { accuracy: expect.any(Number) } });
    const steps = lines(join(runs, 'own', 'metrics.jsonl')).filter(({ type, stage }) => type === 'steps' && stage !== 'teacher') as {
      scalars: Record<string, number>;
    }[];
    expect(steps.at(-1)?.scalars).toMatchObject({ 'temperature.value': 1, 'weighting.soft': 0.3, 'weighting.hard': 0.7 });
    expect(steps[0]?.scalars['weighting.soft']).toBe(0.9);
  });

  test('custom-metric measures, keeps weights, stops and anneals by its own metrics', async () => {
    const { status, out, err } = await run('custom-metric', temper, 'run', '--name', 'metric', '--runs', runs, '--json');
    expect(status, err).toBe(0);
    const { chosen, test, teacherTest, metricFacts } = JSON.parse(out) as Record<string, Record<string, unknown>>;
    expect(Object.keys(test ?? {})).toEqual(['accuracy', 'nll', 'top3', 'rejected', 'confidence-gap']);
    expect(Object.keys(teacherTest ?? {})).toEqual(['accuracy', 'nll', 'top3', 'rejected']);
    expect(metricFacts?.['rejected']).toEqual({ better: 'min', unit: 'share' });
    expect(chosen?.['by']).toBe('best validation rejected');
    const summary = JSON.parse(readFileSync(join(runs, 'metric', 'summary.json'), 'utf8')) as { test: unknown };
    expect(summary.test).toEqual(test);

    const judged = await run('custom-metric', temper, 'evaluate', 'metric', '--runs', runs, '--json');
    expect(judged.status, judged.err).toBe(0);
    const { metrics } = JSON.parse(judged.out) as { metrics: Record<string, number> };
    expect(Object.keys(metrics)).toEqual(['accuracy', 'nll', 'top3', 'rejected']);
    expect(metrics['rejected']).toBeCloseTo(test?.['rejected'] as number, 6);
    // Another folder has no config that defines the metric.
    const elsewhere = await run('digits', temper, 'evaluate', 'metric', '--runs', runs);
    expect(elsewhere.status).toBe(2);
    expect(elsewhere.err).toMatch(/unknown metric "rejected"[\s\S]*--config temper\.config\.ts/);
  });

  test('own-loop needs only the parts that it imports', async () => {
    const { status, out } = await run('own-loop', 'main.mjs');
    expect(status).toBe(0);
    const [teacher = 0, student = 0] = [...out.matchAll(/([\d.]+) %/g)].map(([, share]) => Number(share));
    expect(student).toBeGreaterThan(50);
    expect(teacher).toBeGreaterThan(student);
  });

  test('injected-class gets stage, random numbers and a service in its constructor', async () => {
    const { status, out } = await run('injected-class', temper, 'run', '--name', 'season', '--runs', runs, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ name: 'season' });
    const steps = lines(join(runs, 'season', 'metrics.jsonl')).filter(({ type, stage }) => type === 'steps' && stage !== 'teacher') as {
      scalars: Record<string, number>;
    }[];
    const hottest = Math.max(...steps.map(({ scalars }) => scalars['temperature.value'] as number));
    expect(hottest).toBeGreaterThan(0.9 * 16);
    expect(hottest).toBeLessThan(1.1 * 16);
    const preview = await run('injected-class', temper, 'preview', '--json');
    expect(preview.status).toBe(0);
  });

  test('progressive, killed and resumed, ends with the bytes of an unbroken run', async () => {
    const weights = (name: string) => readFileSync(join(runs, name, 'student', 'weights.bin'));
    const whole = await run('progressive', temper, 'run', '--name', 'whole', '--runs', runs);
    expect(whole.status).toBe(0);
    // While the teacher, the assistant and the student are trained; in the short form the assistant alone.
    const moments = isLong ? [3, 11, 25] : [11];
    for (const [i, moment] of [...moments, Infinity].entries()) {
      const { child, ended } = start('progressive', [temper, 'run', i === 0 ? '--name' : '--resume', 'killed', '--runs', runs]);
      const watch = setInterval(() => checkpointsOf('killed') >= moment && child.kill('SIGKILL'), 5);
      const { status, signal, err } = await ended;
      clearInterval(watch);
      expect(err).not.toContain('damaged');
      expect([status, signal]).toEqual(moment === Infinity ? [0, null] : [null, 'SIGKILL']);
    }
    expect(weights('killed').equals(weights('whole'))).toBe(true);
  });
});

/** How many checkpoints a run has come to: the highest number among those that are kept. */
function checkpointsOf(name: string): number {
  const folder = join(runs, name, 'checkpoints');
  if (!existsSync(folder)) return 0;
  return Math.max(0, ...readdirSync(folder).map((file) => Number(/(\d+)/.exec(file)?.[1] ?? 0)));
}
