import * as tf from '@tensorflow/tfjs-core';
import type { DataSet } from '../../contracts/data.js';
import type { Network } from '../../contracts/network.js';
import { createMetrics } from '../../metrics/collector.js';
import { checkLogitsShape } from '../../networks/ask-logits.js';
import { forwardPass, passIn } from '../../networks/forward.js';
import { batchesInOrder, disposeBatch } from '../../data/read-ahead.js';
import { createBreather, type Session } from './session.js';
import { logitsOf, type TeacherView } from './teacher-view.js';

const batchSize = 256;

/**
 * Computes the metrics of a network at temperature 1 over a whole data set; metrics that compare with a teacher only if a teacher is
 * given.
 */
export async function evaluate(
  network: Network,
  data: DataSet,
  teacher: TeacherView | undefined,
  session: Session,
): Promise<Readonly<Record<string, number>>> {
  const metrics = createMetrics({ classes: data.classes, metrics: session.metrics });
  const breathe = createBreather(session.clock);
  const forward = forwardPass(network, passIn(session, data.size, batchSize));
  try {
    for await (const { indices, batch } of batchesInOrder(data, batchSize)) {
      try {
        tf.tidy(() => {
          const student = forward.logits(batch.inputs);
          const { labels, mask } = batch;
          checkLogitsShape(student, labels, data.classes, network.name);
          const teacherLogits = teacher === undefined ? undefined : logitsOf(teacher, indices, batch);
          metrics.update({
            student,
            labels,
            ...(mask === undefined ? {} : { mask }),
            ...(teacherLogits === undefined ? {} : { teacher: teacherLogits }),
          });
        });
      } finally {
        disposeBatch(batch);
      }
      await breathe();
    }
    return await metrics.result();
  } finally {
    metrics.dispose();
    forward.dispose();
  }
}
