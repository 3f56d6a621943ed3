import { createKit, type DataSplits, type Network, type Reporter, type RunEvent, type RunResult } from '@temper/core';
import { standardPlugins } from '@temper/cli';
import { digits } from '@temper/data';
import { node } from '@temper/node';
import * as tf from '@tensorflow/tfjs-core';
import { shared, students, teacher } from './students.js';

/** What one network came to. */
export interface Row {
  readonly name: string;
  /** Test accuracy of each seed. */
  readonly accuracy: readonly number[];
  /** Test figures against the teacher; the teacher has none of its own. */
  readonly agreement: readonly number[];
  readonly kl: readonly number[];
  readonly parameters: number;
  /** Milliseconds for a thousand samples. */
  readonly inferenceMs: number;
}

/** Validation accuracy and temperature of a student over its training, first seed. */
export interface Curve {
  readonly name: string;
  readonly accuracy: readonly (readonly [step: number, value: number])[];
  readonly temperature: readonly (readonly [step: number, value: number])[];
}

export interface Comparison {
  readonly rows: readonly Row[];
  readonly curves: readonly Curve[];
}

export interface CompareOptions {
  /** Folder for the runs' folders. */
  readonly runs: string;
  /** How many times every student is trained, each time from other weights. */
  readonly seeds: number;
  readonly reporters: readonly Reporter[];
  readonly signal: AbortSignal;
  /** Told before each network. */
  readonly heading: (text: string) => void;
  /** Smaller data and fewer epochs, for trying the example itself. */
  readonly quick?: boolean;
}

/** Trains a teacher, then every student of the comparison under it. */
export async function compare({ runs, seeds, reporters, signal, heading, quick = false }: CompareOptions): Promise<Comparison> {
  const kit = createKit({ plugins: [...standardPlugins, node({ runs })] });
  const size = quick ? { train: 640, validation: 200, test: 300 } : {};
  const data = digits({ seed: shared.data.seed, ...size })();
  const shorter = quick ? { epochs: 2 } : {};
  heading('teacher: a convolutional network');
  const taught = await kit.run({ ...teacher, ...shorter, name: 'teacher', seed: 1 }, { data, reporters, signal });
  const rows: Row[] = [await rowOf('teacher', [taught], data)];
  const curves: Curve[] = [];
  for (const [name, config] of Object.entries(students)) {
    const results: RunResult[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      heading(`student: ${name}${seeds === 1 ? '' : `, seed ${seed} of ${seeds}`}`);
      const curve = curveRecorder(name);
      const folder = `${name.replace(/[^a-z0-9]+/g, '-')}-seed-${seed}`;
      // The one that learns alone is compared with the teacher too; its loss does not look at it.
      results.push(
        await kit.run(
          { ...config, ...shorter, name: folder, seed },
          { data, teacher: taught.student, reporters: [...reporters, curve], signal },
        ),
      );
      if (seed === 1) curves.push(curve.result());
    }
    rows.push(await rowOf(name, results, data));
    results.forEach(({ student }) => student.dispose());
  }
  taught.student.dispose();
  return { rows, curves };
}

async function rowOf(name: string, results: readonly RunResult[], data: DataSplits): Promise<Row> {
  const [first] = results as [RunResult, ...RunResult[]];
  const all = (metric: string): number[] => results.flatMap(({ test }) => test[metric] ?? []);
  return {
    name,
    accuracy: all('accuracy'),
    agreement: all('agreement'),
    kl: all('kl'),
    parameters: first.parameters.student,
    inferenceMs: await inferenceMs(first.student, data),
  };
}

/** Time for a thousand samples: the least of several, on which other work of the machine has the least influence. */
async function inferenceMs(network: Network, { test }: DataSplits): Promise<number> {
  const { inputs, labels } = await test.batch(Int32Array.from({ length: 1000 }, (_, i) => i % test.size));
  const times: number[] = [];
  for (let i = 0; i < 20; i++) {
    const started = performance.now();
    const logits = tf.tidy(() => network.logits(inputs, { training: false }));
    await logits.data();
    times.push(performance.now() - started);
    logits.dispose();
  }
  tf.dispose([inputs, labels]);
  return Math.min(...times);
}

function curveRecorder(name: string): Reporter & { result(): Curve } {
  const accuracy: [number, number][] = [];
  const temperature: [number, number][] = [];
  return {
    name: 'curve',
    report(event: RunEvent) {
      if (event.type === 'evaluation' && event.split === 'validation') accuracy.push([event.step, event.metrics['accuracy'] as number]);
      if (event.type === 'steps' && event.scalars['temperature.value'] !== undefined)
        temperature.push([event.step, event.scalars['temperature.value']]);
    },
    result: () => ({ name, accuracy, temperature: name === 'alone' ? [] : temperature }),
  };
}
