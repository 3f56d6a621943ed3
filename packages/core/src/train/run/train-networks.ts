import type { DataSet } from '../../contracts/data.js';
import type { RunStore } from '../../contracts/events.js';
import type { RunResult } from '../../contracts/run.js';
import type { Json } from '../../json.js';
import { formatPath } from '../../path.js';
import { Tokens } from '../../kit/tokens.js';
import { classWarnings } from '../../data/class-warnings.js';
import { tooLargeForFloat32 } from '../../student/describe-network.js';
import { createCheckpointing } from '../saving/checkpointing.js';
import { fingerprintsOf } from '../saving/fingerprint.js';
import { fit, type FitResult } from '../loop/fit.js';
import { factsOf } from '../../metrics/names.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import { openStore } from '../saving/resume.js';
import type { Session } from '../loop/session.js';
import { finishRun } from './finish-run.js';
import { openSession } from './open-session.js';
import type { PreparedRun } from './prepare-run.js';
import { createViews } from './teacher-views.js';

/** A prepared run, with what its folder keeps. */
interface Run extends PreparedRun {
  readonly resolved: Json;
  /** Warnings from before the run. */
  readonly warnings: readonly string[];
}

/** Trains the networks of a run, saves them and evaluates the student. */
export async function trainNetworks(given: Run): Promise<RunResult> {
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
  return finishRun(given, last as FitResult, view, store, session, { name, started, stops });
}

/** Lists all data sets of a run by their paths in the config. */
function dataSetsOf({ splits, ready }: Run): Record<string, DataSet> {
  const { train, validation, test } = splits;
  const ofStages = [...ready.values()]
    .flat()
    .flatMap(({ plan, data }) => (plan.data === undefined ? [] : [[formatPath(plan.paths.data), data] as const]));
  return { 'data.train': train, 'data.validation': validation, 'data.test': test, ...Object.fromEntries(ofStages) };
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
