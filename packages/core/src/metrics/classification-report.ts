import { ignoredLabel } from '../counted.js';

/** Figures of one class: shares from 0 to 1; null if they are not defined (nothing predicted, no sample). */
export interface ClassFigures {
  readonly class: string;
  /** Share of the samples predicted as this class that belong to it. */
  readonly precision: number | null;
  /** Share of the samples of this class that are predicted as it. */
  readonly recall: number | null;
  /** Harmonic mean of both: 2·right / (predicted + support). */
  readonly f1: number | null;
  /** Samples of the class. */
  readonly support: number;
}

/** Samples whose largest probability is in (from, to]. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Means over the bin; null where it is empty. */
  readonly confidence: number | null;
  readonly accuracy: number | null;
}

/** Figures derived from a confusion matrix and the confidences. */
export interface ClassificationReport {
  readonly samples: number;
  readonly perClass: readonly ClassFigures[];
  /** Means over the classes that have samples. */
  readonly macro: Readonly<Record<'precision' | 'recall' | 'f1', number>>;
  /** `confusion[label][predicted]`: numbers of samples. */
  readonly confusion: readonly (readonly number[])[];
  readonly calibration: readonly CalibrationBin[];
}

/** Collects logits and labels for a report. */
export interface ReportCollector {
  /** Adds samples: logits one after the other, `classes` each; a label of −100 is not counted, nor is where the mask is 0. */
  add(logits: ArrayLike<number>, labels: ArrayLike<number>, mask?: ArrayLike<number>): void;
  result(): ClassificationReport;
}

/**
 * Precision, recall and F1 of each class, the confusion matrix, and calibration in equal bins of confidence, all at temperature 1.
 * The calibration error ECE is Σ_b count_b / n · |accuracy_b − confidence_b|.
 * @see arXiv 1706.04599 for the calibration error
 * @example
 * const report = createReport({ classes: ['cat', 'dog'] });
 * report.add([2, 0, 0, 1], [0, 1]);
 * report.result().confusion; // [[1, 0], [0, 1]]
 */
export function createReport({ classes, bins = 15 }: { readonly classes: readonly string[]; readonly bins?: number }): ReportCollector {
  const confusion = classes.map(() => classes.map(() => 0));
  const seen = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  return {
    add(logits, labels, mask) {
      for (let i = 0; i < labels.length; i++) {
        const label = labels[i] as number;
        if (label === ignoredLabel || mask?.[i] === 0) continue;
        const { best, confidence } = likeliest(logits, i * classes.length, classes.length);
        const row = confusion[label] as number[];
        row[best] = (row[best] as number) + 1;
        const bin = seen[Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))] as (typeof seen)[number];
        bin.count++;
        bin.confidence += confidence;
        if (best === label) bin.right++;
      }
    },
    result() {
      const perClass = classes.map((name, i) => figuresOf(name, i, confusion));
      const present = perClass.filter(({ support }) => support > 0);
      const mean = (of: 'precision' | 'recall' | 'f1'): number =>
        present.reduce((sum, figures) => sum + (figures[of] ?? 0), 0) / present.length;
      return {
        samples: present.reduce((sum, { support }) => sum + support, 0),
        perClass,
        macro: { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') },
        confusion: confusion.map((row) => [...row]),
        calibration: seen.map(({ count, confidence, right }, i) => ({
          from: i / bins,
          to: (i + 1) / bins,
          count,
          confidence: share(confidence, count),
          accuracy: share(right, count),
        })),
      };
    },
  };
}

const share = (part: number, of: number): number | null => (of === 0 ? null : part / of);

function figuresOf(name: string, i: number, confusion: readonly (readonly number[])[]): ClassFigures {
  const right = confusion[i]?.[i] as number;
  const support = (confusion[i] as readonly number[]).reduce((a, b) => a + b, 0);
  const predicted = confusion.reduce((sum, row) => sum + (row[i] as number), 0);
  return {
    class: name,
    precision: share(right, predicted),
    recall: share(right, support),
    f1: share(2 * right, predicted + support),
    support,
  };
}

/** Returns the most likely class; the first of equal logits, as argMax does. */
function likeliest(logits: ArrayLike<number>, from: number, classes: number): { readonly best: number; readonly confidence: number } {
  let best = 0;
  for (let i = 1; i < classes; i++) if ((logits[from + i] as number) > (logits[from + best] as number)) best = i;
  let sum = 0;
  for (let i = 0; i < classes; i++) sum += Math.exp((logits[from + i] as number) - (logits[from + best] as number));
  return { best, confidence: 1 / sum };
}
