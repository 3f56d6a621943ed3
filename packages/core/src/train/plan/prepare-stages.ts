import type { Container } from 'inversify';
import type { DataSet, DataSplits } from '../../contracts/data.js';
import type { Metric } from '../../contracts/metric.js';
import type { Network } from '../../contracts/network.js';
import { TemperError } from '../../errors.js';
import type { Json } from '../../json.js';
import { formatPath, type Path } from '../../path.js';
import type { Builder } from '../../kit/builder.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import { Tokens } from '../../kit/tokens.js';
import { regularizationTerm } from '../../metrics/names.js';
import type { Random } from '../../random.js';
import { placed } from '../../kit/blame.js';
import { checkObserved } from './check-observed.js';
import { unreachable, unreachablePatience } from './check-reach.js';
import { checkTemperature } from './check-temperature.js';
import { trainedOf } from './frozen.js';
import type { Teacher, TrainedNetwork } from './trained-network.js';
import type { RunOptions } from '../../contracts/run.js';
import { loadSplits, openStage, stageServices } from './services.js';
import type { StageServices } from '../step/strategies.js';
import type { LengthInSteps } from '../../contracts/stage.js';
import { lengthsOf, progressAt, stageContext } from './length.js';
import { lossesFor } from './losses-for.js';
import { splitWarnings } from './micro-batches.js';
import type { ReadyStage } from './ready-stage.js';
import { rehearse, type Rehearsal } from './rehearse.js';
import { steadied } from './steadiness.js';
import { tryTraining } from './try-training.js';
import { checkLargestBatch, checkNeeds, checkSmallestBatch, checkWeights } from './check-strategies.js';

interface Place {
  readonly kit: Builder;
  readonly options: RunOptions;
  readonly container: Container;
  readonly splits: DataSplits;
  /** The metrics of evaluations. */
  readonly metrics: readonly Metric[];
  readonly warn: (message: string) => void;
}

/** Builds the strategies of every stage of a network and checks everything that can be checked before training. */
export async function prepareStages(
  { kit, options, container, splits, metrics, warn }: Place,
  { network, stages, name, snapshots, path, training }: TrainedNetwork,
): Promise<ReadyStage[]> {
  const sets: DataSet[] = [];
  for (const { plan } of stages) sets.push(await stageData(kit, container, plan, splits, warn));
  const lengths = lengthsOf(stages.map(({ plan }, i) => ({ plan, size: (sets[i] as DataSet).size })));
  checkSnapshots(
    snapshots,
    lengths.reduce((sum, { epochs }) => sum + epochs, 0),
    path,
  );
  const ready = stages.map(({ plan, teacher }, i) => {
    const data = sets[i] as DataSet;
    const length = lengths[i] as LengthInSteps;
    const child = openStage(options, container, stageContext(plan, length, name));
    const built = stageServices(kit, container, child, plan, name === 'student');
    const first = progressAt(length, 0);
    checkBatchSize(plan, data);
    checkNeeds(built.losses, teacher !== undefined, plan.paths.losses);
    const services = { ...built, losses: lossesFor(built.losses, { plan, student: network, teacher }) };
    checkSmallestBatch(services.losses, plan, data);
    checkWeights(services.weighting, services.losses, first, plan.paths.weighting);
    const { step: _step, ...span } = first;
    const source = {
      config: plan.temperature,
      build: (config: Json) => kit.build('temperature', config, plan.paths.temperature, child),
    };
    try {
      checkTemperature(services.temperature, span, plan.paths.temperature, source, stages.length);
    } catch (error) {
      throw placed(error, plan);
    }
    checkTerms(services.losses, plan.paths.losses);
    const { penalties } = trainedOf(network, plan);
    checkObserved(services, plan, { teacher: teacher !== undefined, penalties: penalties.length > 0, metrics });
    return { plan, teacher, services, data, length };
  });
  await tryTraining(network, sets[0] as DataSet);
  const rehearsals = await rehearseAll(ready, network, container.get(Tokens.Random));
  ready.forEach(({ services, plan, data }, i) => checkLargestBatch(services.losses, plan, data, (rehearsals[i] as Rehearsal).positions));
  const ofTraining = unreachablePatience(training.earlyStopping, path, ready);
  return ready.map((stage, i) => ({
    ...stage,
    warnings: [
      ...(i === 0 ? ofTraining : []),
      ...unreachable(stage.plan, stage.length),
      ...splitWarnings(stage, network, rehearsals[i] as Rehearsal),
    ],
  }));
}

type CheckedStage = Omit<ReadyStage, 'warnings'>;

/** Tries every stage, except those with the same strategies as an earlier one. */
async function rehearseAll(stages: readonly CheckedStage[], network: Network, random: Random): Promise<Rehearsal[]> {
  const tried = new Map<Teacher | undefined, Map<string, Rehearsal>>();
  const rehearsals: Rehearsal[] = [];
  for (const stage of stages) {
    const { losses, temperature, weighting, optimizer } = stage.plan;
    const strategies = JSON.stringify([losses, temperature, weighting, optimizer]);
    const known = tried.get(stage.teacher) ?? new Map<string, Rehearsal>();
    tried.set(stage.teacher, known);
    const rehearsal = known.get(strategies) ?? (await rehearse(stage, network, random));
    known.set(strategies, rehearsal);
    rehearsals.push(rehearsal);
  }
  return rehearsals;
}

/** Checks the names of losses: the penalties of layers are reported next to them under a reserved name. */
function checkTerms(losses: StageServices['losses'], path: Path): void {
  if (!(regularizationTerm in losses)) return;
  throw new TemperError({
    code: 'config/invalid',
    path: [...path, regularizationTerm],
    message:
      `a loss cannot be named "${regularizationTerm}": the penalties of the network's layers (kernelRegularizer) are ` +
      `reported under that name`,
    hint: 'Give the loss another name.',
  });
}

async function stageData(kit: Builder, container: Container, plan: StagePlan, splits: DataSplits, warn: Place['warn']): Promise<DataSet> {
  if (plan.data === undefined) return splits.train;
  const { train } = await loadSplits(kit.build('data', plan.data, plan.paths.data, container), plan.paths.data);
  const { inputShape, classes } = splits.train;
  if (train.classes === classes && train.inputShape.join() === inputShape.join()) return steadied(train, formatPath(plan.paths.data), warn);
  throw new TemperError({
    code: 'data/invalid',
    path: plan.paths.data,
    message:
      `has ${train.classes} classes and samples of shape [${train.inputShape.join(', ')}], the run's data ${classes} and ` +
      `[${inputShape.join(', ')}]`,
  });
}

/** Refuses a snapshot after the end of training. */
function checkSnapshots(snapshots: TrainedNetwork['snapshots'], epochs: number, path: TrainedNetwork['path']): void {
  for (const [i, { epoch }] of snapshots.entries()) {
    if (epoch <= epochs) continue;
    throw new TemperError({
      code: 'config/invalid',
      path: [...path, 'snapshots', i],
      message: `must be an epoch of this training, which has ${epochs}, got ${epoch}`,
    });
  }
}

function checkBatchSize({ batchSize, paths }: StagePlan, { size }: DataSet): void {
  if (batchSize <= size) return;
  throw new TemperError({
    code: 'config/invalid',
    path: paths.batchSize,
    message: `must be at most the number of training samples, ${size}, got ${batchSize}`,
  });
}
