import { arrayDataSet, createKit, createRandom, Tokens, type DataSet, type RandomStream } from '@temper/core';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { compiledEngine } from '@temper/node';
import { schedules } from '@temper/schedules';

/** What many small trainings said of their recorded updates. */
export interface FalseAlarms {
  readonly runs: number;
  /** Runs whose student reached a validation loss below `goal`. */
  readonly converged: number;
  /** What the runs warned of that concerns a recorded update, with the number of the run. */
  readonly alarms: readonly string[];
}

/** Below it, rounding is a large part of what a loss and its gradients are made of. */
const goal = 1e-4;

type Kit = ReturnType<typeof makeKit>;
type RunConfig = Parameters<Kit['run']>[0];

/**
 * Trains small random networks until rounding is most of their gradients, and counts the recorded updates that were refused:
 * each of them is a false alarm, since the recordings are right.
 * @param first Number of the first run, from which everything random in it follows.
 */
export async function falseAlarms(runs: number, tell: (done: number) => void, first = 0): Promise<FalseAlarms> {
  const kit = makeKit();
  const alarms: string[] = [];
  let converged = 0;
  for (let run = first; run < first + runs; run++) {
    const random = createRandom(run);
    const data = blobs(random.stream('data'));
    const splits = { train: data, validation: data, test: data };
    try {
      const { student, teacher, test, warnings } = await kit.run(configOf(random.stream('config'), run, data), {
        data: splits,
        services: (container) => void container.rebind(Tokens.Engine).toConstantValue(compiledEngine()),
      });
      if ((test['nll'] ?? Infinity) < goal) converged++;
      alarms.push(...warnings.filter((warning) => warning.includes('operation by operation')).map((warning) => `run ${run}: ${warning}`));
      student.dispose();
      teacher?.dispose();
    } catch (error) {
      alarms.push(`run ${run}: ${error instanceof Error ? error.message : String(error)}`);
    }
    tell(run + 1 - first);
  }
  return { runs, converged, alarms };
}

const makeKit = () => createKit({ plugins: [schedules, losses, models] });

/** Well separated classes: every loss can become as small as float32 allows. */
function blobs(random: RandomStream): DataSet {
  const one = <T>(of: readonly T[]): T => of[random.integer(of.length)] as T;
  const [size, width, classes] = [one([32, 64, 120]), one([2, 6, 12]), one([2, 3, 5])];
  const centres = Array.from({ length: classes }, () => Array.from({ length: width }, () => random.normal() * one([3, 6])));
  const labels = Array.from({ length: size }, (_, i) => i % classes);
  const inputs = Float32Array.from(labels.flatMap((label) => (centres[label] as number[]).map((value) => value + 0.2 * random.normal())));
  return arrayDataSet({ inputs, labels, inputShape: [width], classes });
}

function configOf(random: RandomStream, seed: number, { size }: DataSet): RunConfig {
  const one = <T>(of: readonly T[]): T => of[random.integer(of.length)] as T;
  const batchSize = one([8, 16, 32]);
  const epochs = Math.ceil((8000 * batchSize) / size);
  const until = { metric: 'nll', below: goal / 2 } as const;
  const evaluateEvery = { epochs: Math.ceil((100 * batchSize) / size) };
  const optimizer = one([
    { type: 'adam', learningRate: 0.02 },
    { type: 'adam', learningRate: 0.005 },
    { type: 'adamw', learningRate: 0.02, weightDecay: 0.001 },
    { type: 'sgd', learningRate: 0.1, momentum: 0.9 },
    { type: 'sgd', learningRate: 0.3 },
  ] as const);
  // A stage records its update again: those after the first do so where the loss is small already.
  const stages = [{ epochs, until }, { epochs: 4 }, { epochs: 4, batchSize: 4 }];
  return {
    seed,
    deterministic: true,
    teacher: {
      model: { type: 'mlp', hidden: one([[16], [32], [8, 8]]) },
      train: { stages, batchSize, optimizer, evaluateEvery, keep: 'last' },
    },
    student: { model: { type: 'mlp', hidden: one([[8], [16]]) } },
    temperature: one([1, 4]),
    weighting: one([
      { soft: 0.5, hard: 0.5 },
      { soft: 0, hard: 1 },
    ]),
    stages,
    batchSize,
    optimizer,
    evaluateEvery,
    keep: 'last',
  };
}
