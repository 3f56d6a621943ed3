import * as tf from '@tensorflow/tfjs-core';
import type { Batch, DataSet } from '../../contracts/data.js';
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
  const forward = forwardPass(network, passIn(session, data.size, batchSize));
  try {
    return await measure({ name: network.name, logits: (_, batch) => forward.logits(batch.inputs) }, data, teacher, session);
  } finally {
    forward.dispose();
  }
}

/** Computes the metrics of a teacher at temperature 1 over a whole data set; known logits are not computed again. */
export const evaluateTeacher = (
  { name, view }: { readonly name: string; readonly view: TeacherView },
  data: DataSet,
  session: Session,
): Promise<Readonly<Record<string, number>>> =>
  measure({ name, logits: (indices, batch) => logitsOf(view, indices, batch) }, data, undefined, session);

/** What is evaluated. */
interface Measured {
  readonly name: string;
  /** Returns the logits of a batch; the caller disposes them. */
  logits(indices: Int32Array, batch: Batch): tf.Tensor;
}

async function measure(
  { name, logits }: Measured,
  data: DataSet,
  teacher: TeacherView | undefined,
  session: Session,
): Promise<Readonly<Record<string, number>>> {
  const metrics = createMetrics({ classes: data.classes, metrics: session.metrics });
  const compared = session.metrics.some(({ needs }) => needs.includes('teacher')) ? teacher : undefined;
  const breathe = createBreather(session.clock);
  try {
    for await (const { indices, batch } of batchesInOrder(data, batchSize)) {
      try {
        tf.tidy(() => {
          const student = logits(indices, batch);
          const { labels, mask } = batch;
          checkLogitsShape(student, labels, data.classes, name);
          metrics.update({
            student,
            labels,
            ...(mask === undefined ? {} : { mask }),
            ...(compared === undefined ? {} : { teacher: logitsOf(compared, indices, batch) }),
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
  }
}
