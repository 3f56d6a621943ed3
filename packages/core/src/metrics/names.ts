/** What a metric of an evaluation is, for people. */
export interface MetricFact {
  readonly name: string;
  readonly meaning: string;
  /** Smallest and largest value. */
  readonly range: readonly [number, number];
  readonly better: 'high' | 'low';
  /** True where it compares with a teacher, and is there only where there is one. */
  readonly needsTeacher: boolean;
}

/** The metrics of evaluations, all at temperature 1. */
export const metricFacts: readonly MetricFact[] = [
  { name: 'accuracy', meaning: 'share whose likeliest class is the label', range: [0, 1], better: 'high', needsTeacher: false },
  { name: 'nll', meaning: '−log p(label), in nats', range: [0, Infinity], better: 'low', needsTeacher: false },
  { name: 'brier', meaning: 'Σ (p − one-hot)² over the classes', range: [0, 2], better: 'low', needsTeacher: false },
  { name: 'ece', meaning: 'how far confidence is from accuracy, over 15 bins', range: [0, 1], better: 'low', needsTeacher: false },
  { name: 'agreement', meaning: 'share with the same likeliest class as the teacher', range: [0, 1], better: 'high', needsTeacher: true },
  { name: 'kl', meaning: 'KL(teacher ‖ student), in nats', range: [0, Infinity], better: 'low', needsTeacher: true },
];

/** Names of the metrics that an evaluation gives. */
export const metricNames = (hasTeacher: boolean): readonly string[] =>
  metricFacts.filter((one) => hasTeacher || !one.needsTeacher).map(({ name }) => name);

/** What is known of a metric. */
export const factOf = (metric: string): MetricFact | undefined => metricFacts.find(({ name }) => name === metric);

/** Whether a metric, of a stop rule (`kl`) or as strategies see it (`validation.kl`), is there only where there is a teacher. */
export const needsTeacher = (metric: string): boolean => factOf(metric.replace(/^validation\./, ''))?.needsTeacher === true;

/** The name under which the penalties of the student's layers are reported, next to the losses. */
export const regularizationTerm = 'regularization';
