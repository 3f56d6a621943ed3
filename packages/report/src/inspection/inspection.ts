import { ignoredLabel } from '@temper/core';
import { judgeClaim, type Claim } from './claim.js';
import { classMeans, type ClassMeans } from './class-means.js';
import { measure, type Measures } from './measures.js';
import { soften } from './soften.js';

/** The default temperatures of an inspection. */
export const usualTemperatures: readonly number[] = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20];

/** Means over all counted predictions at one temperature. */
export interface AtTemperature extends Measures {
  readonly temperature: number;
  /** Mean overlap Σ_c √(m_a(c)·m_b(c)) of the mean predictions m of two classes, 0 to 1, over all pairs of different classes. */
  readonly overlap: number;
}

/** One class at the temperature of the similarity matrix. */
export interface InspectedClass extends Measures {
  readonly class: string;
  readonly samples: number;
  /** Mean probability of the class itself. */
  readonly own: number;
  /** The wrong class with the largest mean probability, and that probability. */
  readonly nearest: { readonly class: string; readonly probability: number };
}

/** The effect of temperature on the predictions of a network. */
export interface Inspection {
  /** Counted predictions: samples, or the positions of sequences. */
  readonly predictions: number;
  readonly accuracy: number;
  readonly temperatures: readonly AtTemperature[];
  /** The temperature of `similarity` and `classes`. */
  readonly at: number;
  /** Row a, column b: mean probability of class b for samples of class a, over the classes of `names`. */
  readonly similarity: { readonly names: readonly string[]; readonly rows: readonly (readonly number[])[] };
  /** Classes with samples. */
  readonly classes: readonly InspectedClass[];
  /** The number of classes that `similarity` and `classes` omit where there are very many. */
  readonly omitted: number;
  readonly claim: Claim;
}

/** Collects the logits of a network. */
export interface InspectionCollector {
  /** Adds samples: logits one after the other; a label of −100 is not counted, nor is a position whose mask is 0. */
  add(logits: ArrayLike<number>, labels: ArrayLike<number>, options?: { mask?: ArrayLike<number> | undefined; positions?: number }): void;
  /** @throws RangeError where nothing was counted. */
  result(): Inspection;
}

/** The predictions and temperatures of an inspection. */
export interface InspectionOptions {
  readonly classes: readonly string[];
  /** Default 1 to 20. 1 and 10 are always among them. */
  readonly temperatures?: readonly number[];
  /** Temperature of the similarity matrix and of the figures by class. Default 4. */
  readonly at?: number;
}

const sums = (): Record<keyof Measures, number> => ({ entropy: 0, wrongMass: 0, contrast: 0, information: 0 });

/**
 * Measures what temperature does to a network's predictions on labelled samples: entropy, probability of wrong classes, similarity of
 * classes, and the claim that T = 10 has 30 % more information about similarity than T = 1.
 * @example
 * const inspection = createInspection({ classes: ['cat', 'dog', 'car'] });
 * inspection.add([4, 2, -1, 1, 5, 0], [0, 1]);
 * inspection.result().temperatures[0]; // { temperature: 1, entropy, wrongMass, … }
 */
export function createInspection({ classes, temperatures = usualTemperatures, at = 4 }: InspectionOptions): InspectionCollector {
  const all = [...new Set([1, 10, at, ...temperatures])].sort((a, b) => a - b);
  const probabilities = new Float64Array(classes.length);
  const totals = all.map(sums);
  const means = all.map(() => classMeans(classes.length));
  const perClass = new Map<number, { samples: number } & Record<keyof Measures, number>>();
  const [low, high]: [number[], number[]] = [[], []];
  let [predictions, right] = [0, 0];

  const fromOneToTen = (of: keyof Measures): readonly [number, number] =>
    [1, 10].map((temperature) => (totals[all.indexOf(temperature)]?.[of] ?? 0) / predictions) as [number, number];
  const addOne = (logits: ArrayLike<number>, from: number, label: number): { low: number; high: number } => {
    const information = { low: 0, high: 0 };
    predictions++;
    if (likeliest(logits, from, classes.length) === label) right++;
    all.forEach((temperature, t) => {
      soften(logits, from, temperature, probabilities);
      const measures = measure(probabilities, label);
      addTo(totals[t] as Record<keyof Measures, number>, measures);
      means[t]?.add(label, probabilities);
      if (temperature === 1) information.low = measures.information;
      if (temperature === 10) information.high = measures.information;
      if (temperature !== at) return;
      const own = perClass.get(label) ?? { samples: 0, ...sums() };
      perClass.set(label, own);
      own.samples++;
      addTo(own, measures);
    });
    return information;
  };

  return {
    add(logits, labels, { mask, positions = 1 } = {}) {
      for (let first = 0; first < labels.length; first += positions) {
        const sample = { low: 0, high: 0, counted: 0 };
        for (let i = first; i < Math.min(labels.length, first + positions); i++) {
          const label = labels[i] as number;
          if (label === ignoredLabel || mask?.[i] === 0) continue;
          const one = addOne(logits, i * classes.length, label);
          sample.low += one.low;
          sample.high += one.high;
          sample.counted++;
        }
        if (sample.counted === 0) continue;
        low.push(sample.low);
        high.push(sample.high);
      }
    },
    result() {
      if (predictions === 0) throw new RangeError('no sample is counted');
      const shown = all.indexOf(at);
      const similarity = (means[shown] as ClassMeans).matrix();
      return {
        predictions,
        accuracy: right / predictions,
        temperatures: all.map((temperature, t) => ({
          temperature,
          ...divided(totals[t] as Record<keyof Measures, number>, predictions),
          overlap: (means[t] as ClassMeans).overlap(),
        })),
        at,
        similarity: { names: similarity.ids.map((id) => classes[id] as string), rows: similarity.rows.map(({ shown: row }) => row) },
        classes: similarity.rows.map(({ id, own, nearest }) => {
          const { samples, ...total } = perClass.get(id) as { samples: number } & Record<keyof Measures, number>;
          const near = { class: classes[nearest.id] as string, probability: nearest.probability };
          return { class: classes[id] as string, samples, ...divided(total, samples), own, nearest: near };
        }),
        omitted: perClass.size - similarity.ids.length,
        claim: judgeClaim({ low, high, predictions, entropy: fromOneToTen('entropy'), contrast: fromOneToTen('contrast') }),
      };
    },
  };
}

function addTo(total: Record<keyof Measures, number>, one: Measures): void {
  for (const name of Object.keys(one) as (keyof Measures)[]) total[name] += one[name];
}

function divided({ entropy, wrongMass, contrast, information }: Measures, by: number): Measures {
  return { entropy: entropy / by, wrongMass: wrongMass / by, contrast: contrast / by, information: information / by };
}

/** Returns the most likely class; the first of equal logits, as argMax does. */
function likeliest(logits: ArrayLike<number>, from: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) if ((logits[from + c] as number) > (logits[from + best] as number)) best = c;
  return best;
}
