import type { Container } from 'inversify';
import type { NetworkLike } from '../contracts/network.js';
import type { Batch, DataSplits } from '../contracts/data.js';
import type { Network } from '../contracts/network.js';
import { TemperError } from '../errors.js';
import type { Json } from '../json.js';
import { formatPath } from '../kit/issues.js';
import type { Kit } from '../kit/kit.js';
import type { RunConfig, TeacherConfig, TrainingConfig } from '../kit/run-config.js';
import { stagesOf, type StagePlan } from '../kit/stage-plan.js';
import { Tokens } from '../kit/tokens.js';
import { createRandom } from '../random.js';
import { blame } from './blame.js';
import { checkNetwork } from './check-network.js';
import { networkOf } from './networks.js';
import { missing } from './services.js';

/** A network that the run trains: the student, its teacher where that is not given, an assistant between them. */
export interface TrainedNetwork {
  /** Names its folder, its checkpoint and its part of the progress. */
  readonly name: string;
  readonly network: Network;
  readonly training: TrainingConfig;
  readonly teacher: Teacher | undefined;
  readonly stages: readonly { readonly plan: StagePlan; readonly teacher: Teacher | undefined }[];
  /** Copies of the network to be given its weights as they are after these epochs. */
  readonly snapshots: readonly { readonly epoch: number; readonly network: Network }[];
}

/** Who teaches: one network, or several that speak as one. */
export type Teacher =
  | { readonly kind: 'network'; readonly network: Network }
  | { readonly kind: 'ensemble'; readonly of: readonly Teacher[]; readonly combine: 'mean' | 'confidence' | 'random' };

/** All networks of a run. */
export interface RunNetworks {
  /** Those to train, in order; the student comes last. */
  readonly trained: readonly TrainedNetwork[];
  readonly student: TrainedNetwork;
  /** Networks made or loaded for this run, to be disposed where it fails. */
  readonly made: readonly Network[];
}

interface Place {
  readonly kit: Kit;
  readonly container: Container;
  readonly config: RunConfig;
  readonly splits: DataSplits;
  readonly sample: Batch;
}

type Path = readonly PropertyKey[];

/** Builds, loads or adopts every network that the config asks for; one that is asked for twice is made once. */
export async function planNetworks(place: Place, given: { readonly student?: NetworkLike; readonly teacher?: NetworkLike }, made: Network[]): Promise<RunNetworks> {
  const { container, config } = place;
  const trained: TrainedNetwork[] = [];
  const known = new Map<string, Promise<Teacher>>();
  const names = new Set<string>(['student']);

  const teacherOf = (wanted: TeacherConfig, path: Path): Promise<Teacher> => {
    const key = JSON.stringify(wanted);
    const found = known.get(key);
    if (found !== undefined) return found;
    const teacher = makeTeacher(wanted, path);
    known.set(key, teacher);
    return teacher;
  };

  async function makeTeacher(wanted: TeacherConfig, path: Path): Promise<Teacher> {
    if (wanted.ensemble !== undefined) {
      const of: Teacher[] = [];
      for (const [i, member] of wanted.ensemble.entries()) of.push(await teacherOf(member, [...path, 'ensemble', i]));
      return { kind: 'ensemble', of, combine: wanted.combine ?? 'mean' };
    }
    if (wanted.snapshot !== undefined) return snapshotOf(wanted.snapshot, path);
    if (wanted.from !== undefined) return { kind: 'network', network: await load(place, wanted.from, path, made) };
    const name = freeName(wanted.name ?? 'teacher', names);
    if (wanted.distilled !== undefined) {
      const { teacher, student, ...training } = wanted.distilled;
      const network = build(place, student.model, [...path, 'distilled', 'student', 'model'], name, made);
      await train(name, network, { batchSize: config.batchSize, ...training }, await teacherOf(teacher, [...path, 'distilled', 'teacher']), [...path, 'distilled'], []);
      return { kind: 'network', network };
    }
    const modelPath = [...path, 'model'];
    const network = build(place, wanted.model as Json, modelPath, name, made);
    const { snapshots = [], ...training } = wanted.train ?? teacherTraining;
    const copies = snapshots.map((epoch) => ({ epoch, network: build(place, wanted.model as Json, modelPath, name, made) }));
    await train(name, network, onLabels({ batchSize: config.batchSize, ...training }), undefined, [...path, 'train'], copies);
    return { kind: 'network', network };
  }

  async function train(name: string, network: Network, training: TrainingConfig, teacher: Teacher | undefined, path: Path, snapshots: TrainedNetwork['snapshots']): Promise<void> {
    const plans = stagesOf({ ...training, name }, teacher !== undefined, path);
    const stages: TrainedNetwork['stages'][number][] = [];
    for (const plan of plans) {
      stages.push({ plan, teacher: plan.teacher === undefined ? teacher : await teacherOf(plan.teacher.config, plan.teacher.path) });
    }
    trained.push({ name, network, training, teacher, stages, snapshots });
  }

  /** The run's own teacher as it was after an epoch. */
  function snapshotOf(epoch: number, path: Path): Teacher {
    const found = trained.flatMap(({ snapshots }) => snapshots).find((snapshot) => snapshot.epoch === epoch);
    if (found !== undefined) return { kind: 'network', network: found.network };
    const taken = trained.flatMap(({ snapshots }) => snapshots.map((snapshot) => snapshot.epoch));
    throw new TemperError({
      code: 'config/invalid',
      path: formatPath([...path, 'snapshot']),
      message: `no weights are remembered after epoch ${epoch} of the teacher's training; remembered: ${taken.join(', ') || 'none'}`,
      hint: `Add ${epoch} to teacher.train.snapshots.`,
    });
  }

  const teacher = await runTeacher();
  const student = takeStudent(place, given.student, made);
  await train('student', student, { ...config }, teacher, [], []);

  async function runTeacher(): Promise<Teacher | undefined> {
    const like = container.isBound(Tokens.Teacher) ? container.get(Tokens.Teacher) : given.teacher;
    if (like !== undefined) return { kind: 'network', network: adopt(place, like, 'teacher', 'teacher') };
    return config.teacher === undefined ? undefined : teacherOf(config.teacher, ['teacher']);
  }

  return { trained, student: trained[trained.length - 1] as TrainedNetwork, made };
}

/** How a teacher is trained where its config does not say. */
const teacherTraining: NonNullable<TeacherConfig['train']> = { accumulate: 1, epochs: 5, keep: 'best', evaluateEvery: { epochs: 1 } };

/** Training on the labels: no softness, whatever the defaults of a run are. */
function onLabels(training: TrainingConfig): TrainingConfig {
  const length = training.stages === undefined && training.epochs === undefined ? { epochs: 5 } : {};
  return { temperature: 1, ...length, ...training };
}

function takeStudent(place: Place, given: NetworkLike | undefined, made: Network[]): Network {
  const { container, config } = place;
  const like = container.isBound(Tokens.Student) ? container.get(Tokens.Student) : given;
  if (like === undefined && config.student === undefined) throw missing('student', "student: { model: { type: 'mlp', hidden: [32] } }");
  const network = like === undefined ? build(place, config.student?.model as Json, ['student', 'model'], 'student', made) : adopt(place, like, 'student', 'student');
  if (network.parameters.length > 0) return network;
  throw new TemperError({
    code: 'model/invalid',
    path: 'student',
    message: 'has nothing to train: no trainable variable was found in it',
    hint: 'A graph model is frozen and can only teach. Hand over a LayersModel, or a function over variables made with tf.variable.',
  });
}

function build(place: Place, model: Json, path: Path, name: string, made: Network[]): Network {
  const { kit, container, config, splits } = place;
  const builder = kit.build('model', model, path, container);
  // A seed for each name: teacher and student of one architecture do not begin as the same network.
  const seed = createRandom(config.seed).stream(`weights/${name}`).integer(2 ** 31);
  return adopt(place, builder({ inputShape: splits.train.inputShape, classes: splits.train.classes, seed, name }), name, formatPath(path), made);
}

async function load(place: Place, from: string, path: Path, made: Network[]): Promise<Network> {
  if (!place.container.isBound(Tokens.NetworkLoader)) {
    throw new TemperError({
      code: 'plugin/missing-requirement',
      path: formatPath([...path, 'from']),
      message: 'needs a loader of saved networks, and none is bound',
      hint: 'Add the plug-in of package node to plugins, or hand the teacher to run() as a model.',
    });
  }
  const at = formatPath([...path, 'from']);
  try {
    return adopt(place, await place.container.get(Tokens.NetworkLoader).load(from), 'teacher', at, made);
  } catch (error) {
    throw error instanceof TemperError ? blame(at, error) : error;
  }
}

function adopt({ splits, sample }: Place, like: NetworkLike, name: string, path: string, made?: Network[]): Network {
  const network = networkOf(like, name, sample.inputs);
  made?.push(network);
  checkNetwork(network, sample, splits.train.classes, path);
  return network;
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}-${i}`;
  taken.add(name);
  return name;
}
