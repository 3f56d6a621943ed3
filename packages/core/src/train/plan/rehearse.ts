import * as tf from '@tensorflow/tfjs-core';
import type { DataSet } from '../../contracts/data.js';
import type { Network } from '../../contracts/network.js';
import type { OptimizerState } from '../../contracts/optimizer.js';
import { TemperError } from '../../errors.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import type { Random } from '../../random.js';
import { named, placed } from '../../kit/blame.js';
import { sizeOf } from '../../shape.js';
import { withCounted } from '../step/counting.js';
import { sampleOf } from '../../networks/check-network.js';
import { trainedOf } from './frozen.js';
import { learnedVariables, learnedList } from '../step/learned-variables.js';
import type { Teacher } from './trained-network.js';
import { tidied } from '../step/tidied.js';
import type { LengthInSteps } from '../../contracts/stage.js';
import type { Progress } from '../../progress.js';
import { knotsOf } from './knots.js';
import { progressAt } from './length.js';
import { graphKeysAt, scalarsAt } from '../step/scalars.js';
import { noCommonTaps, runNetwork, tapsOf } from '../step/run-networks.js';
import { type StageServices, initialStates, initialTemperature } from '../step/strategies.js';
import { weighedTerms } from '../step/terms.js';
import type { Inputs, Outputs } from '../step/parts.js';

/** A stage of a training that has not started. */
interface Rehearsed {
  readonly plan: StagePlan;
  readonly services: StageServices;
  readonly length: LengthInSteps;
  readonly data: DataSet;
  readonly teacher: Teacher | undefined;
}

/** The result of a rehearsal. */
export interface Rehearsal {
  /** Losses that have one value for the batch instead of one for each sample. */
  readonly ofBatch: readonly string[];
  /** The number of labels of a sample. */
  readonly positions: number;
}

/**
 * Computes the weighted losses of a stage once, on a few samples and with untrained networks. Combinations that cannot work (layers of
 * different shapes, a weighting that needs a gradient that a loss does not have) are thus refused before a teacher is trained.
 * @throws TemperError of the first update of the stage, with its path in the config.
 */
export async function rehearse(stage: Rehearsed, student: Network, random: Random): Promise<Rehearsal> {
  const { plan, services, length, data } = stage;
  const { losses, temperature, weighting } = services;
  const { batch } = await withCounted(await sampleOf(data));
  const initial = initialTemperature(temperature, progressAt(length, 0));
  try {
    tryOptimizer(services);
    const teacher = networkIn(stage);
    const learned = learnedVariables({ services, plan, student, teacher, sample: batch, classes: data.classes, random });
    try {
      let ofBatch: readonly string[] = [];
      const rehearseAt = (at: Progress): void => {
        const scalars = scalarsAt({ services, plan }, at, initialStates(services));
        const inputs: Inputs = {
          ...batch,
          ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)])),
        };
        const graphKeys = graphKeysAt(services, at);
        const { penalties } = trainedOf(student, plan);
        const parts = {
          losses,
          temperature,
          weighting,
          learned,
          graphKeys,
          penalties,
          ...(initial === undefined ? {} : { initialTemperature: initial }),
        };
        ({ ofBatch } = weighedTerms(parts, inputs, outputsOf(stage, student, teacher, inputs)));
      };
      for (const at of graphSides(stage)) tf.tidy(() => rehearseAt(at));
      return { ofBatch, positions: sizeOf(batch.labels.shape.slice(1)) };
    } finally {
      tf.dispose(learnedList(learned));
    }
  } catch (error) {
    throw placed(error, plan);
  } finally {
    tf.dispose({ ...batch });
  }
}

/** Positions looked at to find the graph sides of a stage, and the most that are tried. */
const most = { positions: 2000, sides: 32 };

/** The first update, and the first that was found for each further graph side of the strategies, such as the parts of a sequence. */
function graphSides({ services, plan, length }: Rehearsed): Progress[] {
  const sides = new Map<string, Progress>();
  const { step: _, ...span } = progressAt(length, 0);
  const strides = Array.from({ length: Math.min(length.steps, most.positions) }, (_, i) =>
    Math.floor((i * length.steps) / Math.min(length.steps, most.positions)),
  );
  const adapts = services.temperature.graphKey !== undefined || services.weighting.graphKey !== undefined;
  for (const step of adapts ? [0, ...knotsOf(plan.temperature, span), ...strides] : [0]) {
    const at = progressAt(length, step);
    const key = JSON.stringify(graphKeysAt(services, at));
    if (!sides.has(key) && sides.size < most.sides) sides.set(key, at);
  }
  return [...sides.values()];
}

/** Tries an update of one number, for optimizers that read the names of losses: they refuse unknown names. */
function tryOptimizer({ optimizer, losses }: StageServices): void {
  const parameter = tidied(() => tf.variable(tf.scalar(0)));
  let state: OptimizerState | undefined;
  try {
    state = tidied(() => optimizer.init([parameter]));
    tf.tidy(() => state?.applyPerLoss?.(Object.fromEntries(Object.keys(losses).map((name) => [name, [tf.scalar(0)]])), tf.scalar(0)));
  } catch (error) {
    // Any other failure with a single number may not occur with the student's parameters.
    if (error instanceof TemperError) throw error;
  } finally {
    tf.dispose([parameter, ...Object.values(state?.variables ?? {})]);
  }
}

/** Returns the teacher that runs inside of steps; an ensemble has none, and its combined logits are not needed here. */
function networkIn({ teacher, services, plan }: Rehearsed): Network | undefined {
  const taps = tapsOf(services.losses, 'teacher');
  if (teacher?.kind === 'ensemble' && taps.length > 0) throw noCommonTaps(plan, taps);
  return teacher?.kind === 'network' ? teacher.network : undefined;
}

function outputsOf(
  { services: { losses }, teacher }: Rehearsed,
  student: Network,
  inside: Network | undefined,
  { inputs }: Inputs,
): Outputs {
  const run = (network: Network, side: 'student' | 'teacher') =>
    named([side], () => runNetwork(network, inputs as tf.Tensor, tapsOf(losses, side), { training: false }));
  const own = run(student, 'student');
  const other = inside === undefined ? undefined : run(inside, 'teacher');
  const logits = other?.logits ?? (teacher === undefined ? undefined : tf.zerosLike(own.logits));
  return { student: own.logits, teacher: logits, taps: { student: own.taps, teacher: other?.taps ?? {} } };
}
