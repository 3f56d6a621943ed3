/** The mean prediction for the samples of each class. */
export interface ClassMeans {
  add(label: number, probabilities: Float64Array): void;
  /** Mean over all pairs of different classes of Σ_c √(m_a(c)·m_b(c)): 0 for means that share nothing, 1 for equal ones. */
  overlap(): number;
  matrix(): ClassMatrix;
}

/** Means by class, in the order of the classes. */
export interface ClassMatrix {
  readonly ids: readonly number[];
  readonly rows: readonly ClassRow[];
}

/** The mean prediction for one class. */
export interface ClassRow {
  readonly id: number;
  /** The mean probability of the class itself. */
  readonly own: number;
  readonly nearest: { readonly id: number; readonly probability: number };
  /** Mean probabilities of the classes in `ids`. */
  readonly shown: readonly number[];
}

/**
 * The maximum number of classes whose means are kept, in the order of their first samples. The matrix of 10,000 classes would take a
 * gigabyte for each temperature.
 */
export const mostClasses = 256;

/** Collects the mean prediction for each class, of at most 256 of them. */
export function classMeans(classes: number): ClassMeans {
  const found = new Map<number, { count: number; sum: Float64Array }>();
  const meanOf = (id: number, c: number): number => {
    const { sum, count } = found.get(id) as { count: number; sum: Float64Array };
    return (sum[c] as number) / count;
  };
  return {
    add(label, probabilities) {
      const own = found.get(label) ?? (found.size < mostClasses ? { count: 0, sum: new Float64Array(classes) } : undefined);
      if (own === undefined) return;
      found.set(label, own);
      own.count++;
      for (let c = 0; c < classes; c++) own.sum[c] = (own.sum[c] as number) + (probabilities[c] as number);
    },
    overlap() {
      const size = found.size;
      if (size < 2) return 0;
      // Σ over all pairs without a loop over the pairs: (Σ_a s_a)² = Σ_a s_a² + Σ_{a≠b} s_a·s_b, with s = √m and Σ_c s_a(c)² = 1.
      let all = 0;
      for (let c = 0; c < classes; c++) all += [...found.keys()].reduce((sum, id) => sum + Math.sqrt(meanOf(id, c)), 0) ** 2;
      return Math.min(1, Math.max(0, (all - size) / (size * (size - 1))));
    },
    matrix() {
      const ids = [...found.keys()].sort((a, b) => a - b);
      return { ids, rows: ids.map((id) => ({ id, own: meanOf(id, id), nearest: nearestTo(id), shown: ids.map((c) => meanOf(id, c)) })) };
    },
  };

  function nearestTo(id: number): ClassRow['nearest'] {
    let nearest = { id: id === 0 ? 1 : 0, probability: -1 };
    for (let c = 0; c < classes; c++) {
      const probability = meanOf(id, c);
      if (c !== id && probability > nearest.probability) nearest = { id: c, probability };
    }
    return nearest;
  }
}
