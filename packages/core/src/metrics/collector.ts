import { tf } from '#libraries';
import type { Metric, MetricBatch, TaughtMetricBatch } from '../contracts/metric.js';
import { ignoredLabel } from '../counted.js';
import { TemperError } from '../errors.js';
import { isTensor, kindOf } from '../is-tensor.js';
import { named } from '../kit/blame.js';
import { show } from '../kit/issues.js';
import { defaultMetrics } from './index.js';
import { checkNames } from './names.js';
import { flawOf, predictionsOf } from './predictions.js';
import { createRunningSums, type RunningSums } from './running-sums.js';

/** The metrics to compute, and the number of classes. */
export interface MetricsOptions {
  readonly classes: number;
  /** Default: `accuracy`, `nll`, `brier`, `ece`, `agreement` and `kl`. */
  readonly metrics?: readonly Metric[];
}

/** A batch of logits `[..., classes]` and labels `[...]`; labels of −100 and positions whose mask is 0 are not counted. */
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
  /** Returns the metrics so far; NaN where nothing was counted or a logit was NaN. More batches may follow. */
  result(): Promise<Readonly<Record<string, number>>>;
  /** Removes all batches. */
  reset(): void;
  /** Frees the sums on the device. */
  dispose(): void;
}

/**
 * Computes metrics at temperature 1 over every counted sample (or token). Metrics that need a teacher are computed over the batches
 * that have one, and left out where none has. Sums are added up per sample and carried beyond float32, so batching changes nothing.
 * @throws TemperError `config/invalid` for bad options, `data/invalid` for shapes that do not fit (`update`) and for
 * labels outside of the classes (`result`), `plugin/invalid` for a metric that does not return one value per sample (`update`).
 * @example
 * const collector = createMetrics({ classes: 10, metrics: [accuracy(), topK({ k: 3 })] });
 * collector.update({ student: logits, labels });
 * const { accuracy: share, top3 } = await collector.result();
 * collector.dispose();
 */
export function createMetrics({ classes, metrics = defaultMetrics() }: MetricsOptions): MetricsCollector {
  if (!Number.isSafeInteger(classes) || classes < 1) {
    throw new TemperError({
      code: 'config/invalid',
      path: 'metrics.classes',
      message: `must be a whole number at least 1, got ${show(classes)}`,
    });
  }
  checkNames(metrics);
  const own = createGroup(metrics, false);
  const compared = createGroup(metrics, true);
  const dispose = (): void => [own, compared].forEach((group) => group.sums.dispose());

  const add = ({ student, teacher, labels, mask }: MetricsBatch): void => {
    const rows = (logits: tf.Tensor): tf.Tensor2D => tf.cast(tf.reshape(logits, [-1, classes]), 'float32');
    const flat = (values: tf.Tensor, dtype: 'int32' | 'bool'): tf.Tensor1D => tf.cast(tf.reshape(values, [-1]), dtype);
    const target = flat(labels, 'int32');
    const labelled = tf.notEqual(target, ignoredLabel);
    const counted = mask === undefined ? labelled : tf.logicalAnd(labelled, flat(mask, 'bool'));
    const outside = tf.logicalOr(tf.less(target, 0), tf.greaterEqual(target, classes));
    const batch: MetricBatch = {
      student: predictionsOf(rows(student)),
      labels: target,
      oneHot: tf.cast(tf.oneHot(target, classes) as tf.Tensor2D, 'float32'),
    };
    const flaw = flawOf(batch.student);
    own.add(batch as TaughtMetricBatch, flaw, counted, outside);
    if (teacher === undefined) return;
    const taught: TaughtMetricBatch = { ...batch, teacher: predictionsOf(rows(teacher)) };
    compared.add(taught, tf.add(flaw, flawOf(taught.teacher)), counted, outside);
  };

  return {
    update(batch) {
      checkShapes(batch, classes);
      tf.tidy(() => add(batch));
    },
    async result() {
      const measured = { ...(await own.read(classes)), ...(await compared.read(classes)) };
      // In the order of the config.
      return Object.fromEntries(metrics.flatMap(({ name }) => (name in measured ? [[name, measured[name] as number]] : [])));
    },
    reset: dispose,
    dispose,
  };
}

/** Metrics that count the same batches. */
interface Group {
  readonly sums: RunningSums;
  add(batch: TaughtMetricBatch, flaw: tf.Tensor1D, counted: tf.Tensor, outside: tf.Tensor): void;
  /** Returns the metrics so far. Metrics that need a teacher are absent where no batch had one. */
  read(classes: number): Promise<Readonly<Record<string, number>>>;
}

function createGroup(all: readonly Metric[], compares: boolean): Group {
  const metrics = all.map((metric, i) => ({ metric, i })).filter(({ metric }) => metric.needs.includes('teacher') === compares);
  const sums = createRunningSums();
  /** The number of sums of each metric, known after the first batch. */
  let sizes: readonly number[] = [];
  return {
    sums,
    add(batch, flaw, counted, outside) {
      const one = tf.onesLike(flaw);
      const rows = metrics.map(({ metric, i }) => named(['metrics', i], () => rowsOf(metric, batch, flaw)));
      sizes = rows.map(({ shape }) => shape[0]);
      const all = tf.concat([tf.stack([one, tf.cast(outside, 'float32')]), ...rows]);
      // Selected, not multiplied: the logits of samples that are not counted may have any value.
      sums.add(tf.sum(tf.where(tf.expandDims(counted, 0), all, tf.zerosLike(all)), 1));
    },
    async read(classes) {
      const read = await sums.read();
      if (read === undefined) return compares ? {} : Object.fromEntries(metrics.map(({ metric }) => [metric.name, Number.NaN]));
      const [count = 0, outside = 0] = read;
      if (outside > 0) throw labelsOutside(outside, classes);
      let from = 2;
      return Object.fromEntries(
        metrics.map(({ metric }, place) => {
          const part = read.slice(from, (from += sizes[place] as number));
          return [metric.name, count === 0 ? Number.NaN : metric.value(part, count)];
        }),
      );
    },
  };
}

/** Returns the values of a metric per sample, `[m, n]`; NaN where a logit of the sample is not finite. */
function rowsOf(metric: Metric, batch: TaughtMetricBatch, flaw: tf.Tensor1D): tf.Tensor2D {
  const values = metric.sample(batch);
  const [samples] = batch.labels.shape;
  if (!isTensor(values) || values.rank < 1 || values.rank > 2 || values.shape.at(-1) !== samples) {
    const got = isTensor(values) ? `a tensor of shape [${values.shape.join(', ')}]` : kindOf(values);
    throw new TemperError({
      code: 'plugin/invalid',
      message: `"${metric.name}" must return one value per sample, shape [n] or [m, n] with n = ${samples}, got ${got}`,
    });
  }
  return tf.add(tf.reshape(tf.cast(values, 'float32'), [-1, samples]), flaw);
}

const labelsOutside = (outside: number, classes: number): TemperError =>
  new TemperError({
    code: 'data/invalid',
    message: `labels: must be from 0 to ${classes - 1}, or ${ignoredLabel} for samples that are not counted; ${outside} labels are outside`,
    hint: 'If labels start at 1, set firstLabel: 1 (arrayDataSet, idx, csv), or subtract it in batch().',
  });

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
