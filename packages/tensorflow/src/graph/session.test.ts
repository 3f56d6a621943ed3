import '@tensorflow/tfjs-node';
import { readdir } from 'node:fs/promises';
import { threadId } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { nativeBackend } from '../backend/native-backend.js';
import { kernelAddon } from '../kernels/kernels.js';
import { graphWriter, typeOf } from './graph-writer.js';
import { openSession } from './session.js';

afterEach(() => vi.unstubAllEnvs());

/** Runs x + x in a graph of its own. */
function doubled(values: readonly number[]): number[] {
  const writer = graphWriter();
  const spec = { dtype: 'float32', shape: [values.length] } as const;
  const x = writer.add('Placeholder', [], { dtype: typeOf(spec), shape: { kind: 'shape', value: spec.shape } }, spec);
  const sum = writer.add('AddV2', [x, x], { T: typeOf(spec) }, spec);
  const session = openSession(writer.graph, [x], [sum]);
  const backend = nativeBackend();
  const given = tf.tensor1d([...values]);
  const [out] = session.run(backend.getInputTensorIds([given]));
  session.dispose();
  if (out === undefined) throw new Error('the session gave no tensor');
  const made = backend.createOutputTensor(out);
  const result = [...made.dataSync()];
  tf.dispose([given, made]);
  return result;
}

test('a graph is loaded from a file in memory, which is removed afterwards', () => {
  vi.stubEnv('TMPDIR', '/nowhere');
  expect(doubled([1, 2])).toEqual([2, 4]);
  expect(doubled([3])).toEqual([6]);
  expect(() => kernelAddon()?.deleteFile(`ram://temper-${threadId}/saved_model.pb`)).toThrow();
});

test('a graph is loaded from a temporary folder when the add-on is missing', async () => {
  const folder = await temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
  vi.stubEnv('TEMPER_KERNELS', 'off');
  expect(doubled([1, 2])).toEqual([2, 4]);
  expect(await readdir(folder)).toEqual([]);
  vi.stubEnv('TMPDIR', '/nowhere');
  expect(() => doubled([1, 2])).toThrow('/nowhere');
});

test('the add-on reports why TensorFlow cannot write a file', () => {
  expect(() => kernelAddon()?.writeFile('unknown-system://a', Uint8Array.of(1))).toThrow('unknown-system');
});
