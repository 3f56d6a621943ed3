import type { DataSplits } from '../../contracts/data.js';
import type { Metrics } from '../../contracts/schedule.js';
import { isBetter } from '../../metrics/choice.js';
import { evaluate } from './evaluate.js';
import type { FitState } from './fit-state.js';
import { judge } from './judge.js';
import type { BestWeights } from './keep-best.js';
import { checkMetrics } from './non-finite.js';
import type { Session } from './session.js';
import type { TeacherView } from './teacher-view.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import type { TrainedNetwork } from '../plan/trained-network.js';
import { withAverage } from '../step/moving-average.js';
import type { MovingAverage } from '../step/parts.js';

/** A training that is evaluated. */
interface Evaluated {
  readonly trained: TrainedNetwork;
  readonly stages: readonly ReadyStage[];
  readonly splits: DataSplits;
}

/** Evaluates the network on the validation data, keeps it if it is the best so far, and decides whether the stage ends. */
export async function evaluateNow(
  { trained, stages, splits }: Evaluated,
  { plan }: ReadyStage,
  state: FitState,
  teacher: TeacherView | undefined,
  average: MovingAverage | undefined,
  best: BestWeights | undefined,
  session: Session,
): Promise<{ validation: Metrics; stop: boolean }> {
  const { network } = trained;
  // Between two updates of an epoch the epoch is not complete.
  const epoch = state.update === 0 ? state.epochs : state.epochs + 1;
  const validation = await withAverage(network, average, async () => {
    const metrics = await evaluate(network, splits.validation, teacher, session);
    checkMetrics(metrics, `on the validation data in stage "${plan.name}" after update ${state.updates}`);
    state.last = { epoch, step: state.updates, validation: metrics };
    if (best !== undefined && isBetter(best.choice, metrics, state.best?.validation)) {
      best.take();
      state.best = state.last;
    }
    return metrics;
  });
  const isBest = best !== undefined && state.best === state.last;
  await session.events.emit({
    type: 'evaluation',
    stage: plan.name,
    epoch,
    step: state.updates,
    split: 'validation',
    metrics: validation,
    best: isBest,
    ...(best?.choice[0] === undefined ? {} : { by: best.choice[0].name }),
  });
  const report = judge({ trained, stages }, state, validation, session.metrics);
  if (report !== undefined) {
    state.stops.push(report);
    await session.events.emit({ type: 'stop', ...report });
  }
  return { validation, stop: state.stageDone || state.stopped };
}
