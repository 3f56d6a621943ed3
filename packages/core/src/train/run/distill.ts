import * as tf from '@tensorflow/tfjs-core';
import type { Container } from 'inversify';
import type { Batch, DataSet, DataSplits } from '../../contracts/data.js';
import type { RunStore, StopReport } from '../../contracts/events.js';
import type { Metric } from '../../contracts/metric.js';
import type { Network } from '../../contracts/network.js';
import type { RunOptions, RunResult } from '../../contracts/run.js';
import type { Json } from '../../json.js';
import { formatPath } from '../../path.js';
import type { Builder } from '../../kit/builder.js';
import type { RunConfig } from '../../kit/run-config.js';
import { Tokens } from '../../kit/tokens.js';
import { classWarnings } from '../../data/class-warnings.js';
import { describeNetwork, tooLargeForFloat32 } from '../../student/describe-network.js';
import { sampleOf } from '../../networks/check-network.js';
import { createCheckpointing } from '../saving/checkpointing.js';
import { createControls } from '../loop/controls.js';
import { createEventSink } from '../loop/events.js';
import { fingerprintsOf } from '../saving/fingerprint.js';
import { fit, type FitResult } from '../loop/fit.js';
import { judgeResult } from './judge-result.js';
import { planNetworks } from '../plan/plan-networks.js';
import type { RunNetworks, Teacher, TrainedNetwork } from '../plan/trained-network.js';
import { buildMetrics, rehearseMetrics } from '../../metrics/build-metrics.js';
import { choiceOf } from '../../metrics/choice.js';
import { factsOf, measuredBy } from '../../metrics/names.js';
import { countParameters } from '../../networks/networks.js';
import { prepareStages } from '../plan/prepare-stages.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import { resolvedConfig } from '../plan/resolved-config.js';
import { openStore } from '../saving/resume.js';
import { saveNetworks } from '../saving/save-networks.js';
import { bindServices, resolveData } from '../plan/services.js';
import type { Session } from '../loop/session.js';
import { steadySplits } from '../plan/steadiness.js';
import { teacherView, type TeacherView } from '../loop/teacher-view.js';

/** Runs a distillation: checks everything, trains the teachers if needed, then trains the student through its stages. */
export async function distill(
  kit: Builder,
  container: Container,
  options: RunOptions,
  warnings: readonly string[] = [],
): Promise<RunResult> {
  bindServices(options, container);
  const config = container.get(Tokens.Config);
  const found = [...warnings];
  const warn = (message: string): void => void found.push(message);
  const splits = await steadySplits(await resolveData(kit, container, config, options.data), warn);
  const metrics = buildMetrics(config, kit.build, container);
  rehearseMetrics(metrics, splits.train.classes);
  const sample = await sampleOf(splits.train);
  const made: Network[] = [];
  try {
    const networks = await planNetworks({ kit, container, config, splits, sample, metrics }, options, made);
    const ready = new Map<TrainedNetwork, readonly ReadyStage[]>();
    for (const trained of networks.trained)
      ready.set(trained, await prepareStages({ kit, options, container, splits, metrics, warn }, trained));
    const resolved = resolvedConfig(
      config,
      networks.student.stages.map(({ plan }) => plan),
    );
    const result = await released(
      container,
      run({ kit, container, config, resolved, options, warnings: found, splits, sample, metrics, networks, ready }),
    );
    const results: unknown[] = [result.student, result.teacher];
    for (const network of made) if (!results.includes(network)) network.dispose();
    return result;
  } catch (error) {
    for (const network of made) network.dispose();
    throw error;
  } finally {
    tf.dispose({ ...sample });
  }
}

/** Releases the store of a run that fails: the process may live on, and another process may continue the run. */
async function released<T>(container: Container, running: Promise<T>): Promise<T> {
  try {
    return await running;
  } catch (error) {
    // The error of the run is more useful than an error from releasing the store.
    if (container.isBound(Tokens.RunStore))
      await container
        .get(Tokens.RunStore)
        .release?.()
        .catch(() => undefined);
    throw error;
  }
}

interface Run {
  readonly kit: Builder;
  readonly container: Container;
  readonly config: RunConfig;
  readonly resolved: Json;
  readonly options: RunOptions;
  /** Warnings from before the run. */
  readonly warnings: readonly string[];
  readonly splits: DataSplits;
  readonly sample: Batch;
  readonly metrics: readonly Metric[];
  readonly networks: RunNetworks;
  readonly ready: ReadonlyMap<TrainedNetwork, readonly ReadyStage[]>;
}

async function run(given: Run): Promise<RunResult> {
  const store = given.container.isBound(Tokens.RunStore) ? given.container.get(Tokens.RunStore) : undefined;
  const session = openSession(given, store);
  try {
    return await train(given, store, session);
  } finally {
    // The outcome of the run matters more than a warning that can no longer be delivered.
    await session.events.close().catch(() => undefined);
  }
}

/** Trains every network from the start or from the resume point, the student last. */
async function train(given: Run, store: RunStore | undefined, session: Session): Promise<RunResult> {
  const { config, resolved, options, networks, splits } = given;
  const { student, trained } = networks;
  const data = store?.checkpoints === undefined ? {} : await fingerprintsOf(dataSetsOf(given));
  const from = await openStore(store, resolved, options.resume, given, data, session);
  const started = session.clock.now();
  const name = config.name ?? store?.name ?? 'distillation';
  const totalSteps = given.ready.get(student)?.[0]?.length.total ?? 0;
  await session.events.emit({
    type: 'run-start',
    name,
    totalSteps,
    config: resolved,
    metricFacts: factsOf(given.metrics),
    ...(from === undefined ? {} : { resumedAt: from.fit.state.updates, resumedIn: from.network }),
  });
  for (const warning of given.warnings) await session.events.warn(warning);

  for (const notice of [...(splits.warnings ?? []), ...classWarnings(splits), ...networks.notices]) await session.events.warn(notice);
  await sayOutside(splits.train, session);
  for (const one of trained)
    for (const { warnings } of given.ready.get(one) ?? []) for (const warning of warnings) await session.events.warn(warning);

  const checkpointing = createCheckpointing(store, config.checkpoints.every, data, session);
  const view = createViews(session);
  const first = from === undefined ? 0 : trained.findIndex((one) => one.name === from.network);
  let last: FitResult | undefined;
  const stops = [...(from?.stops ?? [])];
  try {
    for (const [i, one] of trained.slice(first).entries()) {
      const parts = {
        trained: one,
        stages: given.ready.get(one) as readonly ReadyStage[],
        splits,
        sample: given.sample,
        view,
        saving: checkpointing.savingOf(one),
      };
      last = await fit(parts, i === 0 ? from?.fit : undefined, session);
      stops.push(...last.stops);
      if (one !== student) await checkpointing.done(one, last.stops);
    }
  } finally {
    await checkpointing.flush();
  }
  return finish(given, last as FitResult, view, store, session, { name, started, stops });
}

/** Lists all data sets of a run by their paths in the config. */
function dataSetsOf({ splits, ready }: Run): Record<string, DataSet> {
  const { train, validation, test } = splits;
  const ofStages = [...ready.values()]
    .flat()
    .flatMap(({ plan, data }) => (plan.data === undefined ? [] : [[formatPath(plan.paths.data), data] as const]));
  return { 'data.train': train, 'data.validation': validation, 'data.test': test, ...Object.fromEntries(ofStages) };
}

/** Saves the networks, then evaluates the student on the test data: a failed evaluation must not cost a network. */
async function finish(
  { networks, splits, sample }: Run,
  result: FitResult,
  view: ReturnType<typeof createViews>,
  store: RunStore | undefined,
  session: Session,
  { name, started, stops }: { name: string; started: number; stops: readonly StopReport[] },
): Promise<RunResult> {
  const { student, trained } = networks;
  const teacher = student.stages[student.stages.length - 1]?.teacher;
  await saveNetworks(trained, store, (network) => describeNetwork(network, { data: splits.train, sample }));
  const { test, teacherTest } = await judgeResult({ student: student.network, teacher, data: splits.test, view }, session);
  await session.events.emit({
    type: 'evaluation',
    stage: 'test',
    epoch: result.chosen.epoch,
    step: result.updates,
    split: 'test',
    metrics: test,
    best: false,
  });
  const one = teacher?.kind === 'network' ? teacher.network : undefined;
  const ended: RunResult = {
    name,
    ...(store === undefined ? {} : { location: store.location }),
    student: student.network,
    ...(one === undefined ? {} : { teacher: one }),
    steps: result.updates,
    seconds: (session.clock.now() - started) / 1000,
    chosen: {
      epoch: result.chosen.epoch,
      by: chosenBy(student, session),
      validation: result.chosen.validation,
    },
    metricFacts: factsOf(session.metrics),
    test,
    ...(teacherTest === undefined ? {} : { teacherTest }),
    parameters: { student: countParameters(student.network), ...(one === undefined ? {} : { teacher: countParameters(one) }) },
    loopOverhead: result.loopOverhead,
    engine: session.engine.name,
    stops,
    warnings: session.events.warnings,
  };
  const summary = summaryOf(ended);
  // Saved again, with the figures of this evaluation.
  await saveNetworks(trained, store, (network) => {
    const figures = network === student.network ? test : network === one ? teacherTest : undefined;
    return describeNetwork(network, { data: splits.train, sample, ...(figures && { test: figures }) });
  });
  await store?.finish(summary);
  await session.events.emit({ type: 'run-end', name, summary });
  return ended;
}

/** Names the metrics by which the student's weights were chosen. */
function chosenBy({ training, stages }: TrainedNetwork, { metrics }: Session): RunResult['chosen']['by'] {
  const hasTeacher = stages.every(({ teacher }) => teacher !== undefined);
  const [first] = choiceOf(training.keep, measuredBy(metrics, hasTeacher));
  return first === undefined ? 'last epoch' : `best validation ${first.name}`;
}

/** Warns that the saved networks do not accept raw inputs, which matters to users of plain tfjs. */
async function sayOutside(data: DataSet, session: Session): Promise<void> {
  const columns = tooLargeForFloat32(data);
  if (columns.length === 0) return;
  const named = `${columns.slice(0, 5).join(', ')}${columns.length > 5 ? ', …' : ''}`;
  await session.events.warn(
    `the values of ${named} do not fit in float32 (they vary too little for their size, or are near the limits of its ` +
      `range), so the saved networks take prepared inputs, not raw ones. ` +
      'loadStudent and `npx temper predict` prepare them in float64; in plain tfjs apply the preparation in student.json.',
  );
}

function openSession({ kit, container, config, options, metrics }: Run, store: RunStore | undefined): Session {
  (config.reporters ?? []).forEach((one, i) =>
    container.bind(Tokens.Reporter).toConstantValue(kit.build('reporter', one, ['reporters', i], container)),
  );
  const reporters = container.isBound(Tokens.Reporter) ? container.getAll(Tokens.Reporter) : [];
  const controls = createControls();
  return {
    random: container.get(Tokens.Random),
    clock: container.get(Tokens.Clock),
    engine: container.get(Tokens.Engine),
    events: createEventSink([...reporters, ...(options.reporters ?? [])], controls.forReporters, store),
    controls,
    metrics,
    deterministic: config.deterministic,
    signal: options.signal,
  };
}

/** Returns everything in a result except the networks, for writing. */
export function summaryOf({ student: _student, teacher: _teacher, ...rest }: RunResult): Json {
  return rest as unknown as Json;
}

/** Creates views of teachers over data sets, each on first use: by then its teacher is trained. */
function createViews(session: Session): (teacher: Teacher, data: DataSet, name: string) => Promise<TeacherView> {
  const known = new Map<Teacher, Map<DataSet, TeacherView>>();
  return async (teacher, data, name) => {
    const ofTeacher = known.get(teacher) ?? new Map<DataSet, TeacherView>();
    known.set(teacher, ofTeacher);
    const found = ofTeacher.get(data) ?? (await teacherView(teacher, data, `teacher logits (${name})`, session));
    ofTeacher.set(data, found);
    return found;
  };
}
