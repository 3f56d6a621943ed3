import { tf } from '#libraries';
import { ignoredLabel } from '../counted.js';
import { TemperError } from '../errors.js';
import { show } from '../kit/issues.js';
import { createRunningSums } from './running-sums.js';
import {
  agrees,
  brierScore,
  confidenceOf,
  distributionOf,
  divergence,
  isCorrect,
  isInTop,
  membersOf,
  negativeLogLikelihood,
} from './sample-metrics.js';

/** What is measured. */
export interface MetricsOptions {
  readonly classes: number;
  /** Also measures whether the label is among this many likeliest classes, as `top5` for 5. */
  readonly topK?: number;
  /** Bins of the calibration error. Default 15. */
  readonly bins?: number;
}

/** A batch of logits `[..., classes]` and labels `[...]`; a label of −100 is not counted, nor is where the mask is 0. */
export interface MetricsBatch {
  readonly student: tf.Tensor;
  readonly teacher?: tf.Tensor;
  readonly labels: tf.Tensor;
  readonly mask?: tf.Tensor;
}

/** Metrics over any number of batches: sums and counts are added up on the device and read back once. */
export interface MetricsCollector {
  /** Adds a batch; reads nothing back and keeps none of its tensors. */
  update(batch: MetricsBatch): void;
  /** The metrics so far; NaN where nothing was counted or a logit was NaN. May be called again after more batches. */
  result(): Promise<Readonly<Record<string, number>>>;
  /** Forgets all batches. */
  reset(): void;
  /** Frees what is kept on the device. */
  dispose(): void;
}

/**
 * Metrics that do not depend on the temperature, all at T = 1, means over every counted sample (or token):
 * `accuracy`, with `topK` also `top5`; `nll` = −log p(label); `brier` = Σ_c (p_c − onehot_c)², from 0 to 2;
 * `ece`, the expected calibration error Σ_b n_b/n·|accuracy_b − confidence_b| over equal bins (lower, upper];
 * and where a teacher is given `agreement` (same likeliest class) and `kl` = KL(teacher ‖ student), in nats.
 * Uneven batches count by their samples, and sums are carried beyond float32, so batching changes nothing.
 * @throws TemperError `config/invalid` for bad options, `data/invalid` for shapes that do not fit (`update`) and for
 * labels outside of the classes (`result`).
 * @see arXiv 1706.04599 for the calibration error
 * @example
 * const metrics = createMetrics({ classes: 10, topK: 5 });
 * metrics.update({ student: logits, labels });
 * const { accuracy, top5 } = await metrics.result();
 * metrics.dispose();
 */
export function createMetrics({ classes, topK, bins = 15 }: MetricsOptions): MetricsCollector {
  requireCount('classes', classes, Infinity);
  requireCount('bins', bins, Infinity);
  if (topK !== undefined) requireCount('topK', topK, classes);
  const sums = createRunningSums();

  const names = [
    'count',
    'outside',
    'accuracy',
    ...(topK === undefined ? [] : [`top${topK}`]),
    'nll',
    'brier',
    'taught',
    'agreement',
    'kl',
  ];

  const sumsOf = ({ student, teacher, labels, mask }: MetricsBatch): tf.Tensor1D => {
    const rows = (logits: tf.Tensor): tf.Tensor2D => tf.cast(tf.reshape(logits, [-1, classes]), 'float32');
    const flat = (values: tf.Tensor, dtype: 'int32' | 'bool'): tf.Tensor1D => tf.cast(tf.reshape(values, [-1]), dtype);
    const target = flat(labels, 'int32');
    const labelled = tf.notEqual(target, ignoredLabel);
    const counted = mask === undefined ? labelled : tf.logicalAnd(labelled, flat(mask, 'bool'));
    const outside = tf.logicalOr(tf.less(target, 0), tf.greaterEqual(target, classes));
    const oneHot = tf.cast(tf.oneHot(target, classes) as tf.Tensor2D, 'float32');
    const own = distributionOf(rows(student));
    const other = teacher === undefined ? undefined : distributionOf(rows(teacher));

    const correct = isCorrect(own, target);
    const confidence = confidenceOf(own);
    const one = tf.onesLike(correct);
    const none = tf.zerosLike(correct);
    // One row for each of `names`, with or without a teacher, so that all batches fit into one sum.
    const values = tf.stack([
      one,
      tf.cast(outside, 'float32'),
      correct,
      ...(topK === undefined ? [] : [isInTop(topK, own, target, oneHot)]),
      negativeLogLikelihood(own, oneHot),
      brierScore(own, oneHot),
      ...(other === undefined ? [none, none, none] : [one, agrees(own, other), divergence(own, other)]),
    ]);
    const gaps = tf.mul(membersOf(confidence, bins), tf.sub(correct, confidence));
    const all = tf.concat([values, gaps]);
    // Chosen, not multiplied: where a sample is not counted its logits may be anything.
    return tf.sum(tf.where(tf.expandDims(counted, 0), all, tf.zerosLike(all)), 1);
  };

  return {
    update(batch) {
      checkShapes(batch, classes);
      tf.tidy(() => sums.add(sumsOf(batch)));
    },
    async result() {
      const read = (await sums.read()) ?? new Float64Array(names.length + bins);
      const total = (name: string): number => read[names.indexOf(name)] as number;
      const mean = (name: string, of = 'count'): number => total(name) / total(of);
      if (total('outside') > 0) {
        throw new TemperError({
          code: 'data/invalid',
          message: `labels: must be from 0 to ${classes - 1}, or ${ignoredLabel} for what is not counted; ${total('outside')} are not`,
          hint: 'Labels that start at 1 need 1 subtracted: say firstLabel: 1 (arrayDataSet, idx, csv), or subtract it in batch().',
        });
      }
      const gaps = read.subarray(names.length).reduce((sum, gap) => sum + Math.abs(gap), 0);
      return {
        ...Object.fromEntries(names.slice(2, names.indexOf('taught')).map((name) => [name, mean(name)])),
        ece: gaps / total('count'),
        // A divergence is not negative, but the sum of its terms may be by a rounding.
        ...(total('taught') === 0 ? {} : { agreement: mean('agreement', 'taught'), kl: Math.max(0, mean('kl', 'taught')) }),
      };
    },
    reset: sums.dispose,
    dispose: sums.dispose,
  };
}

function requireCount(name: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return;
  const limit = most === Infinity ? 'at least 1' : `from 1 to ${most}`;
  throw new TemperError({
    code: 'config/invalid',
    path: `metrics.${name}`,
    message: `must be a whole number ${limit}, got ${show(value)}`,
  });
}

function checkShapes({ student, teacher, labels, mask }: MetricsBatch, classes: number): void {
  const refuse = (name: string, want: readonly (number | string)[], got: readonly number[]): never => {
    throw new TemperError({ code: 'data/invalid', message: `${name}: must have shape [${want.join(', ')}], got [${got.join(', ')}]` });
  };
  const positions = student.shape.slice(0, -1);
  if (student.rank < 2 || student.shape.at(-1) !== classes) refuse('student logits', ['...', classes], student.shape);
  const same = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((size, i) => size === b[i]);
  if (teacher !== undefined && !same(teacher.shape, student.shape)) refuse('teacher logits', student.shape, teacher.shape);
  if (!same(labels.shape, positions)) refuse('labels', positions, labels.shape);
  if (mask !== undefined && !same(mask.shape, positions)) refuse('mask', positions, mask.shape);
}
