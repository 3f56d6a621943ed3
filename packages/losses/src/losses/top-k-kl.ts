import { defineLoss, tf } from '@temper/core';
import { z } from 'zod';
import { divergence, sumsApart } from './support/divergence.js';
import { mapLogits } from './support/map-logits.js';
import { hidden, logSumExp } from './support/probabilities.js';
import { softLoss, softOptions } from './support/soft-loss.js';
import { aligned, type Softened } from './support/softened.js';
import { withoutGradient } from './support/without-gradient.js';

/**
 * KL for teachers of which only the k largest logits are kept: L = scale · KL(p' ‖ q') over these classes. With
 * `rest: 'bucket'` all others make one more class, so that the student gives them together the probability that the teacher does;
 * with `rest: 'ignore'` both sides are renormalised over the k classes, and the other classes of the student have no gradient.
 *
 * Takes logits `[..., classes]` of both; gives `[...]`, 0 for identical logits. Logits of the teacher that were not kept
 * are −Infinity: the bucket then has teacher probability 0, and the student learns the k classes alone. Classes
 * that tie with the k-th largest are kept as well.
 *
 * Source: closed form. 2503.16870 shows that probabilities cut to the top k are a biased target that is too confident; the
 * bucket removes the bias between the k classes and the rest where the teacher's other logits are known.
 * @throws TemperError without a teacher, or with shapes that do not fit.
 * @example topKKl({ k: 5 })({ student, teacher, temperature: 2 })
 */
export const topKKl = defineLoss({
  type: 'top-k-kl',
  options: (ref) =>
    z.strictObject({ k: z.int().min(1), rest: z.enum(['bucket', 'ignore']).default('bucket'), ...softOptions(ref, 'temperature-squared') }),
  create: ({ k, rest, ...options }) => {
    const loss = softLoss((soft, x) => {
      const kept = withoutGradient(() => largest(x.teacher, k));
      const others = rest === 'ignore' ? undefined : bucket(soft, kept);
      const grouped = (part: keyof Softened, elsewhere: number): tf.Tensor => {
        const named = tf.where(kept, soft[part], elsewhere);
        return others === undefined ? named : tf.concat([named, others[part]], -1);
      };
      return divergence(aligned({ student: grouped('student', hidden), teacher: grouped('teacher', hidden), apart: grouped('apart', 0) }));
    }, options);
    return mapLogits(loss, { teacher: (logits) => tf.maximum(logits, hidden) });
  },
});

/** The logits of "another class" of student and teacher, and by how much they differ. */
function bucket(soft: Softened, kept: tf.Tensor): Softened {
  const [student, teacher] = [soft.student, soft.teacher].map((logits) => tf.where(kept, hidden, logits)) as [tf.Tensor, tf.Tensor];
  return { student: logSumExp(student), teacher: logSumExp(teacher), apart: sumsApart({ student, teacher, apart: soft.apart }) };
}

/** True for the k largest of each sample, as far as they were kept. */
function largest(logits: tf.Tensor, k: number): tf.Tensor {
  const { values } = tf.topk(logits, Math.min(k, logits.shape[logits.rank - 1] as number));
  return tf.logicalAnd(tf.greaterEqual(logits, tf.min(values, -1, true)), tf.greater(logits, hidden));
}
