import { resolve, dirname, join, relative } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { createKit, token, TemperError, Tokens } from '@temper/core';
import {
  judge,
  retrying,
  type Comparison,
  type Executor,
  type Job,
  type Outcome,
  type Variant,
  type VariantResults,
} from '@temper/experiments';
import { node } from '@temper/node';
import { quoted, shellCommand } from '@temper/tensorflow/shell';
import type { CompareFlags } from '../flags.js';
import { exit } from '../exit.js';
import { loadConfig } from '../config/load.js';
import { watchInterrupts } from '../interrupt.js';
import { printJson } from '../json.js';
import { withStandard } from '../standard.js';
import type { Terminal } from '../terminal.js';
import { checkMetric } from './check-metric.js';
import { comparisonText, factsIn, type MetricFacts } from './comparison-text.js';
import { figuresOf } from './figures.js';
import { roundsOf, runRounds, type HalvingReport } from './halving.js';
import { localPool } from './local-pool.js';
import { planComparison, type ComparisonPlan } from './plan.js';
import { progressView } from './progress.js';
import { readComparison } from './read-comparison.js';
import { rehearse } from './rehearse.js';
import { remember } from './remember.js';
import { resultsPage } from './results-file.js';
import { summaryIn } from './summary-in.js';

/** Bound by a plug-in that makes the runs elsewhere; by default processes of this machine make them. */
export const ExecutorToken = token<Executor>('temper.Executor');

/** Compares variants over seeds; returns the exit status. */
export async function compare(path: string | undefined, flags: CompareFlags, terminal: Terminal): Promise<number> {
  const { comparison, configFile } = await readComparison(path, flags);
  const { plugins, config } = await loadConfig(configFile);
  const folders = [relative('', dirname(configFile)) || '.'];
  const root = join(flags.runs, comparison.name);
  const kit = createKit({ plugins: withStandard(plugins, [node({ runs: root, folders })]) });
  const container = kit.container(config as never);
  const base = container.get(Tokens.Config);
  const plan = planComparison({ kit, given: config, base, comparison, placeOf: (job) => resolve(root, job, 'student') });
  const facts = checkMetric(kit, plan, comparison.metric);
  roundsOf({ plan, comparison, base });

  const interrupts = watchInterrupts(() => view.note('Stopping: runs under way are saved. Once more stops at once.'));
  const view = progressView(terminal);
  const { signal } = interrupts;
  const workers = flags.workers ?? Math.max(1, Math.floor(availableParallelism() / flags.threads));
  const executor = retrying(
    container.isBound(ExecutorToken)
      ? container.get(ExecutorToken)
      : localPool({ file: configFile, folders, root, workers, threads: flags.threads }),
    flags.retry,
    ({ id, message }) => view.note(`${id} failed and is tried again: ${message}`),
  );
  const ended = new Map<string, Outcome>();
  const make = async (jobs: readonly Job[]): Promise<ReadonlyMap<string, Outcome> | undefined> => {
    await remember(root, jobs);
    view.expect(jobs.length);
    // Jobs of an earlier round are finished.
    const given = jobs.map((job) => ({ ...job, after: job.after.filter((id) => ended.get(id)?.status !== 'done') }));
    for await (const outcome of executor.run(given, { signal, onProgress: view.working })) {
      ended.set(outcome.id, outcome);
      view.ended(outcome);
    }
    return signal.aborted ? undefined : ended;
  };
  try {
    process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
    await rehearse(kit, plan, unmade(plan, root), signal);
    const better = facts?.better ?? 'max';
    const isHalved = comparison.budget !== undefined;
    const tried =
      isHalved && (await make(plan.teachers)) === undefined ? undefined : await runRounds({ plan, comparison, base, better, make });
    const all = tried && (await make([...(isHalved ? [] : plan.teachers), ...plan.runsOf(tried.left)]));
    if (tried === undefined || all === undefined || signal.aborted) {
      view.close();
      terminal.err(`  ${done(ended)} runs are done, in ${root}. The same command goes on with the rest.`);
      return interrupts.status ?? exit.failed;
    }
    view.close();
    const made = {
      plan,
      comparison,
      ended,
      variants: tried.left,
      facts: facts ?? factsIn(ended, comparison.metric),
      halving: tried.report,
    };
    return await report(made, { root, command: commandOf(path, flags), flags, terminal });
  } finally {
    view.close();
    interrupts.release();
  }
}

const done = (ended: ReadonlyMap<string, Outcome>): number => [...ended.values()].filter(({ status }) => status === 'done').length;

/** Returns the variants with an unfinished run; the others have shown that they can run. */
const unmade = ({ variants, runsOf }: ComparisonPlan, root: string): readonly Variant[] =>
  variants.filter((variant) => runsOf([variant]).some(({ id }) => summaryIn(join(root, id)) === undefined));

/** Returns the command line of the comparison. */
function commandOf(path: string | undefined, { builtin, config, name, seeds, sample, budget, results }: CompareFlags): string {
  const options = Object.entries({ builtin, config, name, seeds, sample, budget, results }).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option}`, quoted(String(value))],
  );
  return shellCommand(['compare', ...(path === undefined ? [] : [quoted(path)]), ...options].join(' '));
}

interface Made {
  readonly plan: ComparisonPlan;
  readonly comparison: Comparison;
  readonly ended: ReadonlyMap<string, Outcome>;
  /** The variants that no round has dropped. */
  readonly variants: readonly Variant[];
  readonly facts: MetricFacts;
  readonly halving: HalvingReport | undefined;
}

interface Place {
  readonly root: string;
  readonly command: string;
  readonly flags: CompareFlags;
  readonly terminal: Terminal;
}

/** Judges the finished runs and prints the result; failed runs are named, and their seeds are left out. */
async function report(
  { plan, comparison, ended, variants, facts, halving }: Made,
  { root, command, flags, terminal }: Place,
): Promise<number> {
  const { metric, name, seeds } = comparison;
  const failed = [...ended.values()].flatMap((one) => (one.status === 'failed' ? [one] : []));
  const results = variants.map(
    (variant): VariantResults => ({
      name: variant.name,
      bySeed: new Map(
        seeds.flatMap((seed) => {
          const outcome = ended.get(plan.jobOf(variant, seed));
          return outcome?.status === 'done' ? [[seed, figuresOf(outcome, metric)] as const] : [];
        }),
      ),
    }),
  );
  const lost = results.find(({ bySeed }) => bySeed.size === 0);
  if (lost !== undefined) {
    const reason = failed[0]?.message ?? 'none of its runs is done';
    throw new TemperError({ code: 'run/failed', message: `no run of "${lost.name}" is done, so nothing can be compared: ${reason}` });
  }
  const judgement = judge(results, plan.baselines, facts.better);
  const ids = failed.map(({ id }) => id);
  const summary = { metric, ...judgement, ...(halving === undefined ? {} : { halving }), failed: ids };
  // Which folders are whose, for a report.
  const runs = Object.fromEntries(variants.map((variant) => [variant.name, seeds.map((seed) => plan.jobOf(variant, seed))]));
  await writeFile(join(root, 'summary.json'), `${JSON.stringify({ ...summary, runs }, null, 2)}\n`);
  const shown = { metric, facts, halving };
  if (flags.results !== undefined) await writeFile(flags.results, resultsPage(judgement, { ...shown, name, command, failed: ids }));
  if (flags.json === true) printJson(terminal, summary);
  else terminal.out(comparisonText(judgement, { ...shown, root, colors: terminal.colors.out }));
  for (const { id, message } of failed) terminal.err(`${terminal.colors.err.yellow('warning:')} ${id} failed: ${message}`);
  return failed.length === 0 ? exit.done : exit.failed;
}
