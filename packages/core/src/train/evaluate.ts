import * as tf from '@tensorflow/tfjs-core';
import type { DataSet } from '../contracts/data.js';
import type { Network } from '../contracts/network.js';
import { createMetrics } from '../metrics/index.js';
import { inOrder } from './sampler.js';
import { createBreather, type Session } from './session.js';
import { logitsOf, type TeacherView } from './teacher-view.js';

const batchSize = 256;

/** Metrics of a network at temperature 1 over a whole data set; those that compare with a teacher only where one is given. */
export async function evaluate(network: Network, data: DataSet, teacher: TeacherView | undefined, session: Session): Promise<Readonly<Record<string, number>>> {
  const metrics = createMetrics({ classes: data.classes });
  const breathe = createBreather(session.clock);
  try {
    for (const indices of inOrder(data.size, batchSize)) {
      const batch = await data.batch(indices);
      tf.tidy(() => {
        const student = network.logits(batch.inputs, { training: false });
        const { labels, mask } = batch;
        const teacherLogits = teacher === undefined ? undefined : logitsOf(teacher, indices, batch);
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
