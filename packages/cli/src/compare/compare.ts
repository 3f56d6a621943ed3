import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { createKit, token, TemperError } from '@temper/core';
import { judge, type Comparison, type Executor, type Outcome, type VariantResults } from '@temper/experiments';
import { node } from '@temper/node';
import { duration } from '@temper/node/reporters';
import type { CompareFlags } from '../flags.js';
import { exit } from '../exit.js';
import { loadConfig } from '../config/load.js';
import { mistake } from '../config/mistake.js';
import { watchInterrupts } from '../interrupt.js';
import { printJson } from '../json.js';
import { withStandard } from '../standard.js';
import type { Terminal } from '../terminal.js';
import { comparisonText, factsIn } from './comparison-text.js';
import { localPool } from './local-pool.js';
import { planComparison, teacherJob, type ComparisonPlan } from './plan.js';
import { readComparison } from './read-comparison.js';

/** Bound by a plug-in that makes the runs elsewhere; without it they are made by processes of this machine. */
export const ExecutorToken = token<Executor>('temper.Executor');

/** Compares variants over seeds; gives the exit status. */
export async function compare(path: string | undefined, flags: CompareFlags, terminal: Terminal): Promise<number> {
  const { comparison, configFile } = await readComparison(path, flags);
  const { plugins, config } = await loadConfig(configFile);
  const folders = [relative('', dirname(configFile)) || '.'];
  const root = join(flags.runs, comparison.name);
  const kit = createKit({ plugins: withStandard(plugins, [node({ runs: root, folders })]) });
  const plan = planComparison(kit, config, comparison, resolve(root, teacherJob, 'student'));
  await remember(root, plan);
  const workers = flags.workers ?? Math.max(1, Math.floor(availableParallelism() / flags.threads));
  const container = kit.container(config as never);
  const executor = container.isBound(ExecutorToken)
    ? container.get(ExecutorToken)
    : localPool({ file: configFile, folders, root, workers, threads: flags.threads });
  const interrupts = watchInterrupts(() => terminal.err('Stopping: runs under way are saved. Once more stops at once.'));
  const ended = new Map<string, Outcome>();
  const started = performance.now();
  try {
    for await (const outcome of executor.run(plan.jobs, { signal: interrupts.signal })) {
      ended.set(outcome.id, outcome);
      terminal.err(progressLine(outcome, ended, plan, started));
    }
  } finally {
    interrupts.release();
  }
  if (interrupts.signal.aborted) {
    terminal.err(`  ${done(ended)} of ${plan.jobs.length} runs are done, in ${root}. The same command goes on with the rest.`);
    return interrupts.status ?? exit.failed;
  }
  return report(comparison, plan, ended, { root, json: flags.json === true, terminal });
}

const done = (ended: ReadonlyMap<string, Outcome>): number => [...ended.values()].filter(({ status }) => status === 'done').length;

/** One line for each run that ends, with the time that is left by the mean of those made here. */
function progressLine(outcome: Outcome, ended: ReadonlyMap<string, Outcome>, { jobs }: ComparisonPlan, started: number): string {
  const made = [...ended.values()].filter((one) => one.status !== 'done' || one.seconds > 0).length;
  const left = jobs.length - ended.size;
  const each = (performance.now() - started) / 1000 / Math.max(1, made);
  const rest = left === 0 || made === 0 ? '' : `, about ${duration(each * left)} left`;
  return `${ended.size} of ${jobs.length}  ${outcome.id}  ${endingOf(outcome)}${rest}`;
}

function endingOf(outcome: Outcome): string {
  if (outcome.status === 'stopped') return 'stopped';
  if (outcome.status === 'failed') return `failed: ${outcome.message}`;
  return outcome.seconds === 0 ? 'was done' : duration(outcome.seconds);
}

/** Keeps what each run is of; a folder whose runs were of other configs is not mixed with these. */
async function remember(root: string, { jobs }: ComparisonPlan): Promise<void> {
  const file = join(root, 'comparison.json');
  const sums = Object.fromEntries(jobs.map(({ id, config }) => [id, createHash('sha256').update(JSON.stringify(config)).digest('hex')]));
  const before = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Record<string, string>,
    () => undefined,
  );
  const changed = Object.keys(before ?? {}).find((id) => id in sums && sums[id] !== before?.[id]);
  if (changed !== undefined) {
    throw mistake(`${root} holds runs of another config: ${changed} has changed since`, {
      hint: 'Give the comparison another name (--name), or remove the folder.',
    });
  }
  await mkdir(root, { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...before, ...sums }, null, 2)}\n`);
}

interface Place {
  readonly root: string;
  readonly json: boolean;
  readonly terminal: Terminal;
}

/** Judges what has been done and says it; runs that failed are named, and leave out their seed. */
async function report(
  comparison: Comparison,
  plan: ComparisonPlan,
  ended: ReadonlyMap<string, Outcome>,
  { root, json, terminal }: Place,
): Promise<number> {
  const failed = [...ended.values()].flatMap((one) => (one.status === 'failed' ? [one] : []));
  const results = plan.variants.map(
    (variant): VariantResults => ({
      name: variant.name,
      bySeed: new Map(
        comparison.seeds.flatMap((seed) => {
          const outcome = ended.get(plan.jobOf(variant, seed));
          return outcome?.status === 'done' ? [[seed, figuresOf(outcome, comparison.metric)] as const] : [];
        }),
      ),
    }),
  );
  const lost = results.find(({ bySeed }) => bySeed.size === 0);
  if (lost !== undefined) {
    const reason = failed[0]?.message ?? 'none of its runs is done';
    throw new TemperError({ code: 'run/failed', message: `no run of "${lost.name}" is done, so nothing can be compared: ${reason}` });
  }
  const facts = factsIn(ended, comparison.metric);
  const judgement = judge(results, plan.baselines, facts.better);
  const summary = { metric: comparison.metric, ...judgement, failed: failed.map(({ id }) => id) };
  await writeFile(join(root, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  if (json) printJson(terminal, summary);
  else terminal.out(comparisonText(judgement, { metric: comparison.metric, facts, root, colors: terminal.colors.out }));
  for (const { id, message } of failed) terminal.err(`${terminal.colors.err.yellow('warning:')} ${id} failed: ${message}`);
  return failed.length === 0 ? exit.done : exit.failed;
}

function figuresOf({ summary }: Extract<Outcome, { status: 'done' }>, metric: string): { validation: number; test: number } {
  const { chosen, test } = summary as unknown as { chosen: { validation: Record<string, number> }; test: Record<string, number> };
  const [validation, onTest] = [chosen.validation[metric], test[metric]];
  if (validation !== undefined && onTest !== undefined) return { validation, test: onTest };
  throw new TemperError({
    code: 'config/unknown-name',
    path: 'metric',
    message: `the runs measure no metric "${metric}". Known: ${Object.keys(test).join(', ')}`,
  });
}
