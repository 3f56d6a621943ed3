import type { Batch, DataSplits } from '../../contracts/data.js';
import type { RunStore, StopReport } from '../../contracts/events.js';
import type { RunResult } from '../../contracts/run.js';
import type { Json } from '../../json.js';
import { choiceOf } from '../../metrics/choice.js';
import { factsOf, measuredBy } from '../../metrics/names.js';
import { countParameters } from '../../networks/networks.js';
import { describeNetwork } from '../../student/describe-network.js';
import type { FitResult } from '../loop/fit.js';
import type { Session } from '../loop/session.js';
import type { RunNetworks, TrainedNetwork } from '../plan/trained-network.js';
import { saveNetworks } from '../saving/save-networks.js';
import { judgeResult } from './judge-result.js';
import type { TeacherViews } from './teacher-views.js';

/** The networks of a run after their training, and its data. */
interface Trained {
  readonly networks: RunNetworks;
  readonly splits: DataSplits;
  readonly sample: Batch;
}

/** Saves the networks, then evaluates the student on the test data: a failed evaluation must not cost a network. */
export async function finishRun(
  { networks, splits, sample }: Trained,
  result: FitResult,
  view: TeacherViews,
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

/** Returns everything in a result except the networks, for writing. */
export function summaryOf({ student: _student, teacher: _teacher, ...rest }: RunResult): Json {
  return rest as unknown as Json;
}
