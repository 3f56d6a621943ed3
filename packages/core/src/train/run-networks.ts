import type { Container } from 'inversify';
import type { Batch, DataSplits } from '../contracts/data.js';
import type { Network, NetworkLike } from '../contracts/network.js';
import { TemperError } from '../errors.js';
import type { Kit } from '../kit/kit.js';
import type { RunConfig } from '../kit/run-config.js';
import type { StagePlan } from '../kit/stage-plan.js';
import { Tokens } from '../kit/tokens.js';
import { checkNetwork } from './check-network.js';
import { networkOf } from './networks.js';
import { missing } from './services.js';

/** A network of the run, and whether it was made for it (then a failed run disposes it). */
export interface RunNetwork {
  readonly network: Network;
  readonly made: boolean;
  /** True where the config asks for it to be trained first. */
  readonly untrained: boolean;
}

interface Place {
  readonly kit: Kit;
  readonly container: Container;
  readonly config: RunConfig;
  readonly splits: DataSplits;
  readonly sample: Batch;
}

/** The student: bound, handed over, or built from the config. */
export function resolveStudent(place: Place, given: NetworkLike | undefined): RunNetwork {
  const { container, config } = place;
  const like = container.isBound(Tokens.Student) ? container.get(Tokens.Student) : given;
  const built = like === undefined;
  if (built && config.student === undefined) throw missing('student', "student: { model: { type: 'mlp', hidden: [32] } }");
  const network = built ? build(place, config.student?.model, 'student') : adopt(place, like, 'student');
  if (network.parameters.length === 0) {
    throw new TemperError({
      code: 'model/invalid',
      path: 'student',
      message: 'has nothing to train: no trainable variable was found in it',
      hint: 'A graph model is frozen and can only teach. Hand over a LayersModel, or a function over variables made with tf.variable.',
    });
  }
  return { network, made: built, untrained: true };
}

/** The teacher, where the run has one: bound, handed over, loaded, or built to be trained first. */
export async function resolveTeacher(place: Place, given: NetworkLike | undefined): Promise<RunNetwork | undefined> {
  const { container, config } = place;
  const like = container.isBound(Tokens.Teacher) ? container.get(Tokens.Teacher) : given;
  if (like !== undefined) return { network: adopt(place, like, 'teacher'), made: false, untrained: false };
  if (config.teacher === undefined) return undefined;
  if (config.teacher.model !== undefined) return { network: build(place, config.teacher.model, 'teacher'), made: true, untrained: true };
  if (!container.isBound(Tokens.NetworkLoader)) {
    throw new TemperError({
      code: 'plugin/missing-requirement',
      path: 'teacher.from',
      message: 'needs a loader of saved networks, and none is bound',
      hint: 'Add the plug-in of package node to plugins, or hand the teacher to run() as a model.',
    });
  }
  const loaded = await container.get(Tokens.NetworkLoader).load(config.teacher.from as string);
  return { network: adopt(place, loaded, 'teacher'), made: true, untrained: false };
}

/** The plan by which a teacher is trained: the hard loss alone. */
export function teacherPlan({ teacher }: RunConfig): StagePlan {
  const train = teacher?.train;
  return {
    name: 'teacher',
    index: 0,
    epochs: train?.epochs ?? 5,
    losses: { config: { hard: { type: 'cross-entropy' } }, path: ['teacher', 'train', 'losses'] },
    weighting: { config: { hard: 1 }, path: ['teacher', 'train', 'weighting'] },
    temperature: { config: 1, path: ['teacher', 'train', 'temperature'] },
    optimizer: { config: train?.optimizer ?? { type: 'adam', learningRate: 0.001 }, path: ['teacher', 'train', 'optimizer'] },
  };
}

function build({ kit, container, config, splits, sample }: Place, model: unknown, role: 'teacher' | 'student'): Network {
  const builder = kit.build('model', model, [role, 'model'], container);
  const shape = { inputShape: splits.train.inputShape, classes: splits.train.classes, seed: config.seed, name: role };
  const network = networkOf(builder(shape), role, sample.inputs);
  checkNetwork(network, sample, splits.train.classes, role);
  return network;
}

function adopt({ splits, sample }: Place, like: NetworkLike, role: 'teacher' | 'student'): Network {
  const network = networkOf(like, role, sample.inputs);
  checkNetwork(network, sample, splits.train.classes, role);
  return network;
}
