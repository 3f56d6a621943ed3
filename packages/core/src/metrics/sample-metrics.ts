import { tf } from '#libraries';

/** Log-softmax in two parts, `shifted − logSum`, which keeps its digits where logits are large. */
export interface Distribution {
  /** Logits less their largest. */
  readonly shifted: tf.Tensor2D;
  /** log Σ exp(shifted), `[n, 1]`. */
  readonly logSum: tf.Tensor2D;
  readonly probabilities: tf.Tensor2D;
  readonly top: tf.Tensor1D;
  /** 0 for each sample, NaN where one of its logits is NaN or +∞; comparisons and argMax hide that. */
  readonly flaw: tf.Tensor1D;
}

export function distributionOf(logits: tf.Tensor2D): Distribution {
  const shifted = tf.sub<tf.Tensor2D>(logits, tf.max(logits, 1, true));
  const exponentials = tf.exp(shifted);
  const sum = tf.sum<tf.Tensor2D>(exponentials, 1, true);
  const logSum = tf.log(sum);
  return {
    shifted,
    logSum,
    probabilities: tf.div(exponentials, sum),
    top: tf.argMax(logits, 1),
    flaw: tf.mul(tf.squeeze<tf.Tensor1D>(logSum, [1]), 0),
  };
}

/** 1 where the condition holds, 0 where it does not, NaN where the sample is flawed; `[n]`. */
function indicator(condition: tf.Tensor, { flaw }: Distribution): tf.Tensor1D {
  return tf.add(tf.cast(condition, 'float32'), flaw);
}

/** Whether the label is the likeliest class. */
export const isCorrect = (student: Distribution, labels: tf.Tensor1D): tf.Tensor1D => indicator(tf.equal(student.top, labels), student);

/** Whether the label is among the k likeliest classes; of equal logits the first counts as the likelier, as in argMax. */
export function isInTop(k: number, student: Distribution, labels: tf.Tensor1D, oneHot: tf.Tensor2D): tf.Tensor1D {
  const own = tf.sum(tf.where(tf.cast(oneHot, 'bool'), student.shifted, tf.zerosLike(student.shifted)), 1, true);
  const positions = tf.range(0, oneHot.shape[1], 1, 'int32');
  const before = tf.logicalAnd(tf.equal(student.shifted, own), tf.less(positions, tf.expandDims(labels, 1)));
  const ahead = tf.sum(tf.cast(tf.logicalOr(tf.greater(student.shifted, own), before), 'float32'), 1);
  return indicator(tf.less(ahead, k), student);
}

/** Whether student and teacher hold the same class for the likeliest. */
export const agrees = (student: Distribution, teacher: Distribution): tf.Tensor1D =>
  tf.add(indicator(tf.equal(student.top, teacher.top), student), teacher.flaw);

/**
 * KL(teacher ‖ student) = Σ p r with r = log p_t − log p_s; classes that the teacher rules out count 0.
 *
 * Subtracted is Σ (p + q) tanh(r/2) = Σ (p − q) = 0: where the two nearly agree it is what the roundings of r have added, which
 * would else be more than the divergence.
 */
export function divergence(student: Distribution, teacher: Distribution): tf.Tensor1D {
  const r = tf.sub(tf.sub(teacher.shifted, student.shifted), tf.sub(teacher.logSum, student.logSum));
  const both = tf.add(teacher.probabilities, student.probabilities);
  const none = tf.zerosLike(both);
  const terms = tf.where(tf.equal(teacher.probabilities, 0), none, tf.mul(teacher.probabilities, r));
  const excess = tf.where(tf.equal(both, 0), none, tf.mul(both, tf.tanh(tf.mul(r, 0.5))));
  return tf.add(tf.add(tf.sum(tf.sub(terms, excess), 1), teacher.flaw), student.flaw);
}

/** −log p(label). */
export function negativeLogLikelihood({ shifted, logSum }: Distribution, oneHot: tf.Tensor2D): tf.Tensor1D {
  const own = tf.sum(tf.where(tf.cast(oneHot, 'bool'), shifted, tf.zerosLike(shifted)), 1);
  return tf.sub(tf.squeeze<tf.Tensor1D>(logSum, [1]), own);
}

/** Σ (p − onehot)², from 0 to 2. */
export const brierScore = ({ probabilities }: Distribution, oneHot: tf.Tensor2D): tf.Tensor1D =>
  tf.sum(tf.squaredDifference(probabilities, oneHot), 1);

/** The largest probability. */
export const confidenceOf = ({ probabilities }: Distribution): tf.Tensor1D => tf.max(probabilities, 1);

/** Which of `bins` equal parts of (0, 1], each closed above, holds the confidence: 1 there, 0 elsewhere, `[bins, n]`. */
export function membersOf(confidence: tf.Tensor1D, bins: number): tf.Tensor2D {
  const bin = tf.cast(tf.clipByValue(tf.sub(tf.ceil(tf.mul(confidence, bins)), 1), 0, bins - 1), 'int32');
  return tf.cast(tf.equal(tf.expandDims(tf.range(0, bins, 1, 'int32'), 1), bin), 'float32');
}
