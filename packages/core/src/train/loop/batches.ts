import * as tf from '@tensorflow/tfjs-core';
import type { DataSet } from '../../contracts/data.js';
import type { Network } from '../../contracts/network.js';
import { countedAt, withCounted, type Counted } from '../step/counting.js';
import type { Samples } from '../step/parts.js';
import { askBatch } from '../../data/ask.js';
import { readAhead, type ReadAhead } from '../../data/read-ahead.js';
import type { Session } from './session.js';
import { teacherInside, type Stage } from './stage.js';
import type { TeacherView } from './teacher-view.js';

/** Supplies the batches for the updates of a stage. */
export interface Batches {
  /** Tensors that stay in place, from which the step picks its batch by `places`; absent if each batch is passed to the step. */
  readonly samples?: Samples;
  /** Returns the inputs of a batch, which the caller disposes, and the teacher if it has to run inside the step. */
  at(indices: Int32Array, update: number, part: number): Promise<Handed>;
  /** Starts reading batches that will be requested soon; absent if there is nothing to read. */
  ahead?(wanted: readonly Int32Array[]): void;
}

/** The batches of a training run; stages with the same data share what is cached. */
export interface BatchSource {
  ofStage(stage: Stage): Promise<Batches>;
  dispose(): Promise<void>;
}

/** The inputs of one batch for the step. */
export interface Handed {
  readonly tensors: Record<string, tf.Tensor>;
  readonly teacher: Network | undefined;
  readonly counted: Counted;
}

/** Above this size the samples stay in the data set, which makes each batch. */
const mostBytes = 2 ** 28;

/**
 * Creates the source of a run's batches. Samples that are already in memory are copied once to the device of the networks: picking a
 * batch there is cheaper than making it and passing it in.
 */
export function batchSource(session: Session): BatchSource {
  const samplesOf = latest(
    async (data: DataSet) =>
      withCounted(
        await askBatch(
          data,
          Int32Array.from({ length: data.size }, (_, i) => i),
        ),
      ),
    ({ batch }) => ({ ...batch }),
  );
  const logitsOf = latest(
    async (view: TeacherView) => view.all(),
    (logits) => logits,
  );
  let source: ReadAhead | undefined;
  return {
    async ofStage(stage) {
      const { data, teacher: view } = stage;
      await source?.dispose();
      const own = (source = readAhead(data));
      const handedOver: Batches = { at: (indices, update, part) => handOver(stage, own, indices, update, part, session), ahead: own.ahead };
      if (session.engine.picksSamples !== true || !fits(data)) return handedOver;
      const logits = view === undefined ? undefined : await logitsOf.get(view);
      const teacher = teacherInside(stage, logits);
      // A mixture of teachers is evaluated batch by batch.
      if (view !== undefined && logits === undefined && teacher === undefined) return handedOver;
      const { batch, counted } = await samplesOf.get(data);
      return {
        samples: { ...batch, ...(logits === undefined || teacher !== undefined ? {} : { teacher: logits }) },
        at: async (indices, update, part) => ({
          tensors: { places: tf.tensor1d(indices, 'int32'), seed: seedOf(update, part, session) },
          teacher,
          counted: countedAt(counted, indices),
        }),
      };
    },
    async dispose() {
      samplesOf.dispose();
      logitsOf.dispose();
      await source?.dispose();
    },
  };
}

const fits = ({ inMemory, varying, size, inputShape }: DataSet): boolean =>
  inMemory === true && varying !== true && 4 * size * tf.util.sizeFromShape([...inputShape]) <= mostBytes;

/** Makes a value for `of`, and keeps it until a value for another `of` is requested. */
function latest<Of, Made>(make: (of: Of) => Promise<Made>, tensorsOf: (made: Made) => Samples | tf.Tensor | undefined) {
  let kept: { readonly of: Of; readonly made: Made } | undefined;
  const dispose = (): void => {
    if (kept !== undefined) tf.dispose(tensorsOf(kept.made) as tf.TensorContainer);
    kept = undefined;
  };
  return {
    async get(of: Of): Promise<Made> {
      if (kept?.of === of) return kept.made;
      dispose();
      const made = await make(of);
      kept = { of, made };
      return made;
    },
    dispose,
  };
}

async function handOver(
  stage: Stage,
  source: ReadAhead,
  indices: Int32Array,
  update: number,
  part: number,
  session: Session,
): Promise<Handed> {
  const { batch, counted } = await withCounted(await source.batch(indices));
  const kept = stage.teacher?.logits(indices, batch, update);
  const teacher = teacherInside(stage, kept);
  if (teacher !== undefined) kept?.dispose();
  const tensors = {
    ...batch,
    ...(kept === undefined || teacher !== undefined ? {} : { teacher: kept }),
    seed: seedOf(update, part, session),
  };
  return { tensors, teacher, counted };
}

/** The seed of noise inside the step: it depends on the update, and on the micro-batch if an update has several. */
const seedOf = (update: number, part: number, { random }: Session): tf.Tensor1D =>
  tf.tensor1d(Int32Array.of(random.stream('noise', update).integer(2 ** 31), part), 'int32');
