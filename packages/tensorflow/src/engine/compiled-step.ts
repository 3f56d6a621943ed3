import * as tf from '@tensorflow/tfjs-core';
import { TemperError, type StepDefinition } from '@temper/core';
import { distinctFetches } from '../graph/distinct-fetches.js';
import { lower } from '../graph/lower.js';
import { optimize } from '../passes/optimize.js';
import { nativeBackend, type NativeTensor } from '../backend/native-backend.js';
import type { Recording } from '../recording/recording.js';
import { openSession } from '../graph/session.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;
type Scalars = Readonly<Record<string, number>>;

/** A recording loaded into TensorFlow. */
export interface CompiledStep {
  /** Makes one update in one native call. */
  run(batch: Tensors, scalars: Scalars): Tensors;
  dispose(): void;
}

/** Loads a recording of a step; its scalars are fed by value. */
export function compileStep(step: StepDefinition, recording: Recording, scalarNames: readonly string[]): CompiledStep {
  const backend = nativeBackend();
  const { binding, tensorMap } = backend;
  const { graph, feeds, outputs, state } = distinctFetches(optimize(lower(recording)));
  const isScalar = ({ source }: (typeof feeds)[number]): boolean => source.kind === 'input' && scalarNames.includes(source.key);
  const tensors = feeds.filter((feed) => !isScalar(feed));
  const numbers = feeds.filter(isScalar).map(({ source }) => source.key);
  const assigned = state.flatMap((ref, i) => (ref === undefined ? [] : [{ ref, variable: step.state[i] as tf.Variable }]));
  const names = Object.keys(outputs);
  const session = openSession(
    graph,
    [...tensors, ...feeds.filter(isScalar)].map(({ ref }) => ref),
    [...Object.values(outputs), ...assigned.map(({ ref }) => ref)],
  );

  const sources = tensors.map(({ source: { kind, key } }): ((batch: Tensors) => tf.Tensor) => {
    if (kind === 'input') return (batch) => batch[key] as tf.Tensor;
    const fixed = (kind === 'state' ? step.state : (step.frozen ?? []))[Number(key)] as tf.Tensor;
    return () => fixed;
  });
  return {
    run(batch, scalars) {
      const fed = backend.getInputTensorIds(sources.map((source) => source(batch)));
      const made = numbers.map((name) => binding.createTensor([], binding.TF_FLOAT, Float32Array.of(scalars[name] as number)));
      let results: NativeTensor[];
      try {
        results = session.run([...fed, ...made]);
      } catch (error) {
        throw new TemperError({
          code: 'run/failed',
          message: `the recorded update of "${step.name}" failed: ${error instanceof Error ? error.message : String(error)}`,
          cause: error,
        });
      } finally {
        for (const id of made) binding.deleteTensor(id);
      }
      assigned.forEach(({ variable }, i) => {
        const result = results[names.length + i] as NativeTensor;
        const entry = tensorMap.get(variable.dataId);
        if (entry.refCount === 1 && entry.values === null) {
          // The old value has no other reference: exchanging the native tensor avoids the bookkeeping of `assign` in tfjs.
          binding.deleteTensor(entry.id);
          entry.id = result.id;
        } else {
          const value = backend.createOutputTensor(result);
          variable.assign(value);
          value.dispose();
        }
      });
      return Object.fromEntries(names.map((name, i) => [name, backend.createOutputTensor(results[i] as NativeTensor)]));
    },
    dispose: () => session.dispose(),
  };
}
