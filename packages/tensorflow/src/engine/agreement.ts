import type * as tf from '@tensorflow/tfjs-core';

/** The outcome of one update: its results, and the variables of its state after it. */
export interface Outcome {
  readonly outputs: Readonly<Record<string, tf.Tensor>>;
  readonly state: readonly tf.Tensor[];
}

/**
 * The values of one tensor from both computations, and the largest distance of repetitions with other rounding errors from `expected`.
 */
interface Compared {
  readonly name: string;
  readonly expected: tf.TypedArray;
  readonly got: tf.TypedArray;
  /** The largest change of the update: the value of an output, the change of a variable. */
  readonly scale: number;
  readonly spread: Float64Array;
  norm: number;
}

/** Below this share of the largest value no repetition is made: a tenth of the smallest relevant fault. */
const clearlyEqual = 1e-4;
/**
 * A difference is explained if it is at most this many times the largest difference between repetitions: for an element, and for a
 * tensor.
 */
const ofElement = 4;
const ofTensor = 2;
/** From this number of elements on, the spread of a tensor's elements is used to judge the others. */
const fewestElements = 16;
/** The rounding in units of float32 that no repetition has to explain: that of the value itself, and of denormal numbers. */
const ownRounding = 2 ** -22;
const subnormal = 2 ** -125;
/**
 * The number of repetitions before a difference counts. Each explains a difference by rounding with high probability, so all together do
 * not miss it.
 */
const mostRepetitions = 16;

/**
 * Says where the outcome of the graph is not that of the operations one by one, or undefined where the two agree as far as
 * float32 can promise. What that is depends on the update: −log p near p = 1 is accurate to 6e-8, not to 1e-4 of itself, and
 * under Adam a gradient that is rounding alone moves its parameter by a whole learning rate. So where the two are not clearly
 * equal, `repeat` makes the update again with other rounding errors, and a difference counts where none of the repetitions
 * comes near it.
 * @param repeat Makes the update operation by operation, with rounding errors of this number; its tensors are disposed here.
 */
export function disagreement(
  before: readonly tf.Tensor[],
  eager: Outcome,
  graph: Outcome,
  repeat: (number: number) => Outcome,
  dispose: (outcome: Outcome) => void,
): string | undefined {
  const names = Object.keys(eager.outputs);
  const compared = [
    ...names.map((name) => compare(`output "${name}"`, eager.outputs[name] as tf.Tensor, graph.outputs[name] as tf.Tensor)),
    ...eager.state.map((tensor, i) => compare(`state[${i}]`, tensor, graph.state[i] as tf.Tensor, before[i] as tf.Tensor)),
  ];
  let open = compared.filter((one) => !isClearlyEqual(one));
  for (let number = 0; number < mostRepetitions && open.length > 0; number++) {
    const again = repeat(number);
    const tensors = [...names.map((name) => again.outputs[name] as tf.Tensor), ...again.state];
    for (const one of open) widen(one, tensors[compared.indexOf(one)] as tf.Tensor);
    dispose(again);
    open = open.filter((one) => unexplained(one) !== undefined);
  }
  const [first] = open;
  return first === undefined ? undefined : describe(first);
}

function compare(name: string, eager: tf.Tensor, graph: tf.Tensor, before?: tf.Tensor): Compared {
  const [expected, got] = [eager.dataSync(), graph.dataSync()];
  return { name, expected, got, scale: largest(expected, before?.dataSync()), spread: new Float64Array(expected.length), norm: 0 };
}

function isClearlyEqual({ expected, got, scale }: Compared): boolean {
  const allowed = clearlyEqual * scale;
  return expected.every((value: number, i: number) => apart(value, got[i] as number) <= allowed);
}

/** Updates the spread by the distance of a repetition from the first computation. */
function widen(one: Compared, again: tf.Tensor): void {
  const values = again.dataSync();
  for (let i = 0; i < values.length; i++) {
    one.spread[i] = Math.max(one.spread[i] as number, apart(one.expected[i] as number, values[i] as number));
  }
  one.norm = Math.max(one.norm, distanceOf(one.expected, values));
}

/**
 * Returns the place of the first element that rounding does not explain; the length where it explains each element but not all together.
 */
function unexplained(one: Compared): number | undefined {
  const { expected, got, norm } = one;
  const places = movedFurther(one);
  const [first] = places;
  if (first !== undefined && !areAsManyMoved(one, places)) return first;
  return distanceOf(expected, got) > ofTensor * norm + subnormal * expected.length ? expected.length : undefined;
}

/** Returns the elements further from the first computation than in any repetition. */
function movedFurther({ expected, got, spread }: Compared): number[] {
  const places: number[] = [];
  for (let i = 0; i < expected.length; i++) {
    const value = expected[i] as number;
    const own = Number.isFinite(value) ? ownRounding * Math.abs(value) : 0;
    if (apart(value, got[i] as number) > ofElement * (spread[i] as number) + own + subnormal) places.push(i);
  }
  return places;
}

/**
 * Returns whether rounding has moved about as many elements as far. A gradient of rounding errors alone, as that of the key biases in
 * attention, moves half of its elements up under Adam and half down, at random.
 */
function areAsManyMoved({ expected, got, spread }: Compared, places: readonly number[]): boolean {
  if (expected.length < fewestElements) return false;
  const differences = Float64Array.from(places, (i) => apart(expected[i] as number, got[i] as number)).sort();
  const spreads = Float64Array.from(spread).sort();
  // The k-th largest difference against the largest spread except k / 2.
  return differences.every((difference, i) => {
    const rank = differences.length - 1 - i;
    return difference <= ofElement * (spreads[spreads.length - 1 - (rank >> 1)] as number);
  });
}

function describe(one: Compared): string {
  const { name, expected, got, spread } = one;
  const at = unexplained(one) as number;
  if (at < expected.length) {
    const place = expected.length === 1 ? '' : `[${at}]`;
    return (
      `${name}${place} is ${expected[at]} operation by operation, and ${got[at]} from the graph; rounding explains a ` +
      `difference of ${(spread[at] as number).toPrecision(2)}`
    );
  }
  const distance = distanceOf(expected, got);
  return `${name} differs by ${distance.toPrecision(3)} from the single operations; rounding explains ${one.norm.toPrecision(3)}`;
}

/** Returns the difference of two values; values that are not finite count as equal. */
const apart = (a: number, b: number): number =>
  Number.isFinite(a) ? (Number.isFinite(b) ? Math.abs(a - b) : Infinity) : Number.isFinite(b) ? Infinity : 0;

/** Returns the Euclidean distance of two tensors. */
function distanceOf(a: tf.TypedArray, b: tf.TypedArray): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += apart(a[i] as number, b[i] as number) ** 2;
  return Math.sqrt(sum);
}

function largest(values: tf.TypedArray, before?: tf.TypedArray): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs((values[i] as number) - (before?.[i] ?? 0));
    if (Number.isFinite(size) && size > most) most = size;
  }
  return most;
}
