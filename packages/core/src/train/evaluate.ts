import * as tf from '@tensorflow/tfjs-core';
import type { DataSet } from '../contracts/data.js';
import type { Network } from '../contracts/network.js';
import { createMetrics } from '../metrics/index.js';
import { inOrder } from './sampler.js';
import { createBreather, throwIfStopped, type Session } from './session.js';
import type { KnownLogits } from './teacher-logits.js';

/** A teacher as it is used over one data set. */
export interface TeacherView {
  readonly network: Network;
  /** Its logits for every sample, where they are kept; otherwise the network runs again. */
  readonly known: KnownLogits | undefined;
}

const batchSize = 256;

/** Metrics of a network at temperature 1 over a whole data set; those that compare with a teacher only where one is given. */
export async function evaluate(network: Network, data: DataSet, teacher: TeacherView | undefined, session: Session): Promise<Readonly<Record<string, number>>> {
  const metrics = createMetrics({ classes: data.classes });
  const breathe = createBreather(session.clock);
  try {
    for (const indices of inOrder(data.size, batchSize)) {
      throwIfStopped(session, 'while evaluating');
      const batch = await data.batch(indices);
      tf.tidy(() => {
        const student = network.logits(batch.inputs, { training: false });
        const { labels, mask } = batch;
        const teacherLogits = logitsFrom(teacher, indices, batch.inputs);
        metrics.update({ student, labels, ...(mask === undefined ? {} : { mask }), ...(teacherLogits === undefined ? {} : { teacher: teacherLogits }) });
      });
      tf.dispose([batch.inputs, batch.labels, ...(batch.mask === undefined ? [] : [batch.mask])]);
      await breathe();
    }
    return await metrics.result();
  } finally {
    metrics.dispose();
  }
}

function logitsFrom(teacher: TeacherView | undefined, indices: Int32Array, inputs: tf.Tensor): tf.Tensor | undefined {
  return teacher?.known?.gather(indices) ?? teacher?.network.logits(inputs, { training: false });
}
