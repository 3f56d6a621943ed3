import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../contracts/network.js';
import type { Session } from './session.js';
import { teacherInside, type Stage } from './stage.js';

/** All samples of a stage, under the names of the step's inputs. */
export type Samples = Readonly<Record<string, tf.Tensor>>;

/** Where the updates of a stage have their batches from. */
export interface Batches {
  /** Tensors that stay where they are, from which the step picks its batch by `places`; absent where batches are handed over. */
  readonly samples?: Samples;
  /** What is handed over for a batch, which the caller disposes, and the teacher where it has to run inside of the step. */
  at(indices: Int32Array, update: number, part: number): Promise<Handed>;
  dispose(): void;
}

interface Handed {
  readonly tensors: Record<string, tf.Tensor>;
  readonly teacher: Network | undefined;
}

/** Beyond this the samples stay with the data set, and each batch is made by it. */
const mostBytes = 2 ** 28;

/**
 * Samples that are in memory anyway are put beside the networks once, where the engine picks them at less cost than a
 * batch takes to be made and handed over.
 */
export async function batchesOfStage(stage: Stage, session: Session): Promise<Batches> {
  const kept = await samplesOf(stage, session);
  if (kept === undefined) return { at: (indices, update, part) => handOver(stage, indices, update, part, session), dispose: () => undefined };
  const { samples, teacher } = kept;
  return {
    samples,
    at: async (indices, update, part) => ({ tensors: { places: tf.tensor1d(indices, 'int32'), seed: seedOf(update, part, session) }, teacher }),
    dispose: () => tf.dispose({ ...samples }),
  };
}

/** The batch that stands at some places of the samples. */
export const pick = (samples: Samples, places: tf.Tensor1D): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(samples).map(([name, all]) => [name, tf.gather(all, places)]));

async function samplesOf(stage: Stage, { engine }: Session): Promise<{ readonly samples: Samples; readonly teacher: Network | undefined } | undefined> {
  const { data, teacher: view } = stage;
  const bytes = 4 * data.size * tf.util.sizeFromShape([...data.inputShape]);
  if (engine.picksSamples !== true || data.inMemory !== true || data.varying === true || bytes > mostBytes) return undefined;
  const logits = view?.all();
  const teacher = teacherInside(stage, logits);
  if (teacher !== undefined) logits?.dispose();
  const given = teacher === undefined ? logits : undefined;
  // A mixture of teachers is asked batch by batch.
  if (view !== undefined && given === undefined && teacher === undefined) return undefined;
  const { inputs, labels, mask } = await data.batch(Int32Array.from({ length: data.size }, (_, i) => i));
  return { samples: { inputs, labels, ...(mask === undefined ? {} : { mask }), ...(given === undefined ? {} : { teacher: given }) }, teacher };
}

async function handOver(stage: Stage, indices: Int32Array, update: number, part: number, session: Session): Promise<Handed> {
  const batch = await stage.data.batch(indices);
  const kept = stage.teacher?.logits(indices, batch, update);
  const teacher = teacherInside(stage, kept);
  if (teacher !== undefined) kept?.dispose();
  const tensors = {
    inputs: batch.inputs,
    labels: batch.labels,
    ...(batch.mask === undefined ? {} : { mask: batch.mask }),
    ...(kept === undefined || teacher !== undefined ? {} : { teacher: kept }),
    seed: seedOf(update, part, session),
  };
  return { tensors, teacher };
}

/** For noise inside of the step: of the update, and of the batch where several make one. */
const seedOf = (update: number, part: number, { random }: Session): tf.Tensor1D => tf.tensor1d(Int32Array.of(random.stream('noise', update).integer(2 ** 31), part), 'int32');
