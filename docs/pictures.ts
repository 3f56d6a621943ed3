// Makes the pictures and the table that README and guides show, from real runs: `npm run pictures`.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plotSvg, type Series } from '@temper/plots';

interface Line {
  readonly type: string;
  readonly stage: string;
  readonly step: number;
  readonly split?: string;
  readonly losses?: Readonly<Record<string, number>>;
  readonly scalars?: Readonly<Record<string, number>>;
  readonly metrics?: Readonly<Record<string, number>>;
}
type Point = readonly [step: number, value: number];

const root = fileURLToPath(new URL('..', import.meta.url));
const runs = mkdtempSync(join(tmpdir(), 'temper-pictures-'));
const node = (folder: string, ...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd: join(root, folder), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  writeReadme(node('examples/digits', 'main.mjs', '--seeds', '3', '--runs', runs));
  copyFileSync(join(runs, 'digits-1', 'digits.svg'), join(root, 'docs/images/digits.svg'));
  node('examples/progressive', join(root, 'packages/cli/bin/temper.mjs'), 'run', '--name', 'progressive', '--runs', runs, '--json');
  writeFileSync(join(root, 'docs/images/progressive.svg'), progressivePicture(join(runs, 'progressive', 'metrics.jsonl')));
} finally {
  rmSync(runs, { recursive: true, force: true });
}

/** Puts the table that a run printed between its marks in the README. */
function writeReadme(output: string): void {
  const table = output.slice(output.indexOf('┌'), output.lastIndexOf('┘') + 1);
  const path = join(root, 'README.md');
  const before = readFileSync(path, 'utf8');
  const after = before.replace(
    /<!-- results -->[\s\S]*?<!-- \/results -->/,
    `<!-- results -->\n\`\`\`text\n${table}\n\`\`\`\n<!-- /results -->`,
  );
  writeFileSync(path, after);
}

/** Temperature, weights, losses and metrics that do not depend on the temperature, over the student's stages. */
function progressivePicture(file: string): string {
  const records = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const own = records.filter(({ stage }) => !['teacher', 'assistant', 'test'].includes(stage));
  const steps = own.filter(({ type }) => type === 'steps');
  const evaluations = own.filter(({ type }) => type === 'evaluation');
  const over = (list: readonly Line[], value: (record: Line) => number | undefined): Point[] =>
    list.flatMap((record) => (value(record) === undefined ? [] : [[record.step, value(record) as number] as const]));
  const series: Series[] = [
    { name: 'temperature', points: over(steps, ({ scalars }) => scalars?.['temperature.value']) },
    ...['soft', 'hard'].map((name) => ({ name: `weight.${name}`, points: over(steps, ({ scalars }) => scalars?.[`weighting.${name}`]) })),
    ...['soft', 'hard'].map((name) => ({ name: `loss.${name}`, points: over(steps, ({ losses }) => losses?.[name]) })),
    ...['kl', 'nll'].map((name) => ({ name: `divergence at T = 1.${name}`, points: over(evaluations, ({ metrics }) => metrics?.[name]) })),
    ...['accuracy', 'agreement'].map((name) => ({ name: `share.${name}`, points: over(evaluations, ({ metrics }) => metrics?.[name]) })),
  ];
  const begins = steps.flatMap(({ stage, step }, i) => (steps[i - 1]?.stage === stage ? [] : [i === 0 ? 0 : (steps[i - 1]?.step ?? step)]));
  return plotSvg(series, { title: 'Stages of a progressive run, on validation data', xLabel: 'update', epochs: begins, panelHeight: 160 });
}
