import * as tf from '@tensorflow/tfjs-core';
import type { Container } from 'inversify';
import type { Network, NetworkLike } from '../../contracts/network.js';
import { TemperError } from '../../errors.js';
import type { Json } from '../../json.js';
import { checkChosen } from '../../kit/check-metrics.js';
import type { Path } from '../../path.js';
import type { TeacherConfig, TrainingConfig } from '../../kit/run-config.js';
import { stagesOf } from '../../kit/stage-plan.js';
import { Tokens } from '../../kit/tokens.js';
import { probeOf } from '../../networks/check-network.js';
import { constrainedOf } from '../../networks/layers.js';
import { adopt, buildNetwork, loadNetwork, makeStudent, takeStudent, type Place } from './make-networks.js';
import { labelTraining, withBatches } from './teacher-training.js';
import type { RunNetworks, Teacher, TrainedNetwork } from './trained-network.js';

interface Given {
  readonly student?: NetworkLike;
  readonly teacher?: NetworkLike;
}

/** Builds, loads or adopts every network of the config; one that occurs twice is made once. */
export async function planNetworks(run: Omit<Place, 'probe' | 'made' | 'notices'>, given: Given, made: Network[]): Promise<RunNetworks> {
  const probe = await probeOf(run.splits.train);
  try {
    return await plan({ ...run, probe: probe.inputs, made, notices: [] }, given);
  } finally {
    tf.dispose({ ...probe });
  }
}

async function plan(place: Place, given: Given): Promise<RunNetworks> {
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
    if (wanted.from !== undefined)
      return { kind: 'network', network: await loadNetwork(place, wanted.from, path, 'teacher', 'loaded teacher') };
    if (wanted.name !== undefined) checkFree(wanted.name, container, [...path, 'name']);
    const name = freeName(wanted.name ?? 'teacher', names);
    if (wanted.distilled !== undefined) {
      const { teacher, student, ...training } = wanted.distilled;
      const network = await makeStudent(place, student, [...path, 'distilled', 'student'], name);
      await train(
        name,
        network,
        withBatches(training, config.batchSize),
        await teacherOf(teacher, [...path, 'distilled', 'teacher']),
        [...path, 'distilled'],
        [],
      );
      return { kind: 'network', network };
    }
    const modelPath = [...path, 'model'];
    const network = await buildNetwork(place, wanted.model as Json, modelPath, name);
    const { snapshots = [], ...training } = labelTraining(wanted, config.batchSize);
    const copies: TrainedNetwork['snapshots'][number][] = [];
    for (const epoch of snapshots) copies.push({ epoch, network: await buildNetwork(place, wanted.model as Json, modelPath, name) });
    await train(name, network, training, undefined, [...path, 'train'], copies);
    return { kind: 'network', network };
  }

  async function train(
    name: string,
    network: Network,
    training: TrainingConfig,
    teacher: Teacher | undefined,
    path: Path,
    snapshots: TrainedNetwork['snapshots'],
  ): Promise<void> {
    const plans = stagesOf({ ...training, name }, teacher !== undefined, path, place.kit.normal);
    const stages: TrainedNetwork['stages'][number][] = [];
    for (const plan of plans) {
      stages.push({ plan, teacher: plan.teacher === undefined ? teacher : await teacherOf(plan.teacher, plan.paths.teacher) });
    }
    checkChosen(
      training,
      stages.map((stage) => ({ plan: stage.plan, hasTeacher: stage.teacher !== undefined })),
      place.metrics,
      path,
    );
    sayConstraints(name, network, place.notices);
    trained.push({ name, network, training, path, teacher, stages, snapshots });
  }

  /** Returns the run's own teacher as it was after an epoch. */
  function snapshotOf(epoch: number, path: Path): Teacher {
    const found = trained.flatMap(({ snapshots }) => snapshots).find((snapshot) => snapshot.epoch === epoch);
    if (found !== undefined) return { kind: 'network', network: found.network };
    const taken = trained.flatMap(({ snapshots }) => snapshots.map((snapshot) => snapshot.epoch));
    throw new TemperError({
      code: 'config/invalid',
      path: [...path, 'snapshot'],
      message: `there is no snapshot of the teacher after epoch ${epoch}; snapshots: ${taken.join(', ') || 'none'}`,
      hint: `Add ${epoch} to teacher.train.snapshots.`,
    });
  }

  const teacher = await runTeacher();
  const student = await takeStudent(place, given.student);
  await train('student', student, { ...config }, teacher, [], []);

  async function runTeacher(): Promise<Teacher | undefined> {
    const like = given.teacher ?? (container.isBound(Tokens.Teacher) ? container.get(Tokens.Teacher) : undefined);
    if (like !== undefined) return { kind: 'network', network: await adopt(place, like, 'teacher', 'teacher') };
    return config.teacher === undefined ? undefined : teacherOf(config.teacher, ['teacher']);
  }

  return { trained, student: trained[trained.length - 1] as TrainedNetwork, made: place.made, notices: place.notices };
}

/** Refuses a reserved name before training: the network would replace files of the store. */
function checkFree(name: string, container: Container, path: Path): void {
  if (!container.isBound(Tokens.RunStore) || container.get(Tokens.RunStore).isReserved?.(name) !== true) return;
  throw new TemperError({
    code: 'config/invalid',
    path,
    message: `must be another name: "${name}" is reserved in the folder of a run`,
    hint: `Choose for instance "${name.replace(/\W/g, '-')}-network".`,
  });
}

/** Reports weight constraints, which neither Temper nor the training of tfjs applies, although their author expects it. */
function sayConstraints(name: string, { model }: Network, notices: string[]): void {
  const names = constrainedOf(model);
  if (names.length === 0) return;
  const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')}, …` : names.join(', ');
  notices.push(
    `${name}: has constraints on ${shown}, which training does not apply. Use a penalty (kernelRegularizer) or weightDecay instead.`,
  );
}

/** Returns a name that is not in use. Names are compared without case, since folders "A" and "a" may be the same. */
function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${wanted}-${i}`;
  taken.add(name.toLowerCase());
  return name;
}
