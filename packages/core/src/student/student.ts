import { tf } from '#libraries';
import type { Preparation } from '../contracts/data.js';
import type { Engine } from '../contracts/engine.js';
import type { Network, NetworkLike } from '../contracts/network.js';
import { TemperError } from '../errors.js';
import { eagerEngine } from '../train/step/eager-engine.js';
import { forwardPass, type Forward } from '../networks/forward.js';
import { networkOf } from '../networks/networks.js';
import { sizeOf } from '../shape.js';
import { prepareSamples, type Sample } from './samples.js';
import type { StudentDescription } from './student-file.js';

/** The most likely class, and the probability of each class. */
export interface ClassProbabilities {
  readonly class: string;
  readonly probability: number;
  /** By the names of the classes; they sum to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
}

/** The prediction for one sample. For a sequence it is that of the last position; `positions` has one for each position. */
export interface Prediction extends ClassProbabilities {
  readonly positions?: readonly ClassProbabilities[];
}

/** Options of predictions. */
export interface PredictOptions {
  /** Divides the logits; above 1 the probabilities are softer. Default 1. */
  readonly temperature?: number;
  /** Samples in one batch. Default 256. */
  readonly batchSize?: number;
}

/** Options of a student. */
export interface StudentOptions {
  /** Makes the passes over many samples; `compiledEngine()` of @temper/node records them. Default: operation by operation. */
  readonly engine?: Engine;
}

/** A trained network that takes raw samples and names classes. */
export interface Student {
  readonly description: StudentDescription;
  /** The network alone: prepared inputs where `description.preparedIn` is `outside`, raw ones elsewhere; gives logits. */
  readonly network: Network;
  /**
   * Names the class of each raw sample, with its probability: softmax(logits / temperature).
   * @throws TemperError `data/invalid` naming the sample that cannot be used.
   */
  predict(samples: readonly Sample[] | tf.Tensor, options?: PredictOptions): Promise<Prediction[]>;
  /** Frees its weights. */
  dispose(): void;
}

/**
 * Creates a student from a network and its description: the result of `loadStudent`, for networks that have to be built in code.
 * @throws TemperError `model/invalid` for a value that is not a network.
 * @example
 * const student = createStudent((inputs) => tf.matMul(inputs, weights), parseStudent(text, 'student.json'));
 * const [{ class: name, probability }] = await student.predict([[5.1, 3.5, 1.4, 0.2]]);
 */
export function createStudent(like: NetworkLike, description: StudentDescription, { engine = eagerEngine }: StudentOptions = {}): Student {
  const preparation: Preparation | undefined =
    description.preparedIn === 'outside' || description.preparation === undefined ? description.preparation : { type: 'none' };
  const network: Network = { ...networkOf(like, description.name), ...(preparation && { preparation }) };
  return {
    description,
    network,
    async predict(samples, { temperature = 1, batchSize = 256 } = {}) {
      checkOptions(temperature, batchSize);
      const { count, values } = await prepareSamples(samples, description);
      const predictions: Prediction[] = [];
      const forward = forwardPass(network, { engine, size: count, batchSize });
      try {
        for (let from = 0; from < count; from += batchSize) {
          const size = Math.min(batchSize, count - from);
          const logits = await run(forward, values, from, size, description);
          predictions.push(...named(logits, size, temperature, description));
        }
      } finally {
        forward.dispose();
      }
      return predictions;
    },
    dispose: () => network.dispose(),
  };
}

function checkOptions(temperature: number, batchSize: number): void {
  const refuse = (path: string, message: string): never => {
    throw new TemperError({ code: 'config/invalid', path, message });
  };
  if (!(Number.isFinite(temperature) && temperature > 0)) refuse('temperature', `must be a finite number above 0, got ${temperature}`);
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) refuse('batchSize', `must be a whole number of at least 1, got ${batchSize}`);
}

async function run(
  forward: Forward,
  values: Float32Array | Int32Array,
  from: number,
  size: number,
  description: StudentDescription,
): Promise<Float32Array> {
  const { shape, dtype } = description.inputs;
  const width = sizeOf(shape);
  const inputs = tf.tensor(values.subarray(from * width, (from + size) * width), [size, ...shape], dtype);
  const logits = disposing(inputs, () => forward.logits(inputs));
  try {
    const expected = [size, ...description.labelShape, description.classes.length];
    if (logits.shape.join() === expected.join()) return await logits.data<'float32'>();
    throw new TemperError({
      code: 'model/invalid',
      message: `${description.name}: gives logits of shape [${logits.shape.join(', ')}], student.json says [${expected.join(', ')}]`,
    });
  } finally {
    logits.dispose();
  }
}

/** Frees the inputs of a call, also where it fails. */
function disposing<T>(inputs: tf.Tensor, call: () => T): T {
  try {
    return call();
  } finally {
    inputs.dispose();
  }
}

function named(logits: Float32Array, size: number, temperature: number, { classes, labelShape }: StudentDescription): Prediction[] {
  const positions = sizeOf(labelShape);
  const rows = Array.from({ length: size * positions }, (_, i) =>
    classOf(logits.subarray(i * classes.length, (i + 1) * classes.length), temperature, classes),
  );
  if (labelShape.length === 0) return rows;
  return Array.from({ length: size }, (_, i) => {
    const own = rows.slice(i * positions, (i + 1) * positions);
    return { ...(own.at(-1) as ClassProbabilities), positions: own };
  });
}

/** Computes the probabilities in float64, so that those of many classes sum to 1. */
function classOf(logits: Float32Array, temperature: number, classes: readonly string[]): ClassProbabilities {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const exponentials = Array.from(logits, (logit) => Math.exp((logit - largest) / temperature));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  const best = logits.indexOf(largest);
  const probabilities = Object.fromEntries(classes.map((name, i) => [name, (exponentials[i] as number) / sum]));
  return { class: classes[best] ?? 'NaN', probability: best < 0 ? Number.NaN : (exponentials[best] as number) / sum, probabilities };
}
