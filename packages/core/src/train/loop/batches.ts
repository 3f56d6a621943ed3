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

/** Where the updates of a stage have their batches from. */
export interface Batches {
  /** Tensors that stay where they are, from which the step picks its batch by `places`; absent where batches are handed over. */
  readonly samples?: Samples;
  /** What is handed over for a batch, which the caller disposes, and the teacher where it has to run inside of the step. */
  at(indices: Int32Array, update: number, part: number): Promise<Handed>;
  /** Begins to read batches that will be asked for soon; absent where none has to be read. */
  ahead?(wanted: readonly Int32Array[]): void;
}

/** The batches of a training; stages over the same data share what is kept. */
export interface BatchSource {
  ofStage(stage: Stage): Promise<Batches>;
  dispose(): Promise<void>;
}

/** A batch on its way to the step. */
export interface Handed {
  readonly tensors: Record<string, tf.Tensor>;
  readonly teacher: Network | undefined;
  readonly counted: Counted;
}

/** Beyond this the samples stay with the data set, and each batch is made by it. */
const mostBytes = 2 ** 28;

/**
 * Samples that are in memory anyway are put beside the networks once, where the engine picks them at less cost than a
 * batch takes to be made and handed over.
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
      // A mixture of teachers is asked batch by batch.
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

/** Makes something for `of`, and keeps it until it is asked for another. */
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

/** For noise inside of the step: of the update, and of the batch where several make one. */
const seedOf = (update: number, part: number, { random }: Session): tf.Tensor1D =>
  tf.tensor1d(Int32Array.of(random.stream('noise', update).integer(2 ** 31), part), 'int32');
