import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { node } from '@tensorflow/tfjs-node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Network } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { cnn, mlp, resnet, transformer } from '@temper/models';
import type { SampleSpec } from '@temper/tensorflow';
import { afterAll, describe, expect, test } from 'vitest';
import { exportSavedModel } from './export-saved-model.js';

const root = mkdtempSync(join(tmpdir(), 'temper-export-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const classes = 5;

interface Exported {
  readonly network: Network;
  readonly sample: SampleSpec;
}

function exported(
  build: (shape: { inputShape: number[]; classes: number; seed: number; name: string }) => unknown,
  name: string,
  sample: SampleSpec,
): Exported {
  const model = build({ inputShape: [...sample.shape], classes, seed: 4, name }) as LayersModel;
  const logits: Network['logits'] = (inputs, options) => model.apply(inputs, { training: options.training }) as tf.Tensor;
  return { network: { name, model, logits, parameters: [], buffers: [], dispose: () => void model.dispose() }, sample };
}

const networks: Readonly<Record<string, () => Exported>> = {
  mlp: () => exported(mlp({ hidden: [7], dropout: 0.5 }), 'mlp', { shape: [3, 4] }),
  cnn: () => exported(cnn({ channels: [3, 4], dense: [6] }), 'cnn', { shape: [9, 8] }),
  resnet: () => exported(resnet({ widths: [3, 4] }), 'resnet', { shape: [8, 8, 3] }),
  transformer: () => exported(transformer({ layers: 1, width: 8, heads: 2 }), 'transformer', { shape: [6], dtype: 'int32' }),
};

function samples({ shape, dtype = 'float32' }: SampleSpec, size: number): tf.Tensor {
  return tf.tidy(() =>
    dtype === 'int32' ? tf.cast(tf.randomUniform([size, ...shape], 0, classes), 'int32') : tf.randomNormal([size, ...shape]),
  );
}

/** Reads logits back with Python's TensorFlow, where that is installed. */
const script = `
import json, sys
import numpy, tensorflow as tf
folder, file = sys.argv[1:]
given = json.load(open(file))
serve = tf.saved_model.load(folder).signatures['serving_default']
inputs = tf.constant(numpy.array(given['values']).reshape(given['shape']), dtype=given['dtype'])
print(json.dumps(serve(inputs=inputs)['logits'].numpy().ravel().tolist()))
`;
const python = process.env['TEMPER_TENSORFLOW_PYTHON'] ?? 'python3';
const hasPython = succeeds(() => execFileSync(python, ['-c', 'import tensorflow'], { stdio: 'ignore' }));
if (!hasPython)
  console.warn(`Exported models are not read with Python: ${python} has no TensorFlow (TEMPER_TENSORFLOW_PYTHON names another).`);

function succeeds(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

describe.each(Object.keys(networks))('%s', (name) => {
  const folder = join(root, name, '1');

  test('the export is read by tfjs-node and gives the same logits for any batch size', async () => {
    await expectNoLeakedTensors(async () => {
      const { network, sample } = (networks[name] as () => Exported)();
      await exportSavedModel(network, folder, sample);
      expect(readdirSync(folder)).toEqual(['saved_model.pb']);
      const loaded = await node.loadSavedModel(folder);
      for (const size of [1, 3, 4, 17]) {
        tf.tidy(() => {
          const inputs = samples(sample, size);
          const { logits } = loaded.predict({ inputs }) as { logits: tf.Tensor };
          const expected = network.logits(inputs, { training: false });
          expect(logits.shape).toEqual(expected.shape);
          expected.dataSync().forEach((value, i) => expect(logits.dataSync()[i]).toBeCloseTo(value, 4));
        });
      }
      loaded.dispose();
      network.dispose();
    });
  });

  test.runIf(hasPython)("the export is read by Python's TensorFlow", async () => {
    const { network, sample } = (networks[name] as () => Exported)();
    await exportSavedModel(network, folder, sample);
    const inputs = samples(sample, 4);
    const file = join(root, `${name}.json`);
    writeFileSync(file, JSON.stringify({ values: Array.from(inputs.dataSync()), shape: inputs.shape, dtype: inputs.dtype }));
    const printed = execFileSync(python, ['-c', script, folder, file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const expected = tf.tidy(() => network.logits(inputs, { training: false }).dataSync());
    const got = JSON.parse(printed) as number[];
    expected.forEach((value, i) => expect(got[i]).toBeCloseTo(value, 4));
    inputs.dispose();
    network.dispose();
  });
});

describe('networks that cannot be exported', () => {
  const network = (logits: Network['logits']): Network => ({ name: 'odd', logits, parameters: [], buffers: [], dispose: () => undefined });
  const refused = (logits: Network['logits']) => expect(exportSavedModel(network(logits), join(root, 'odd'), { shape: [4] })).rejects;

  test('a network whose logits depend on the batch size is refused', async () => {
    await refused((x) => tf.mul(x, x.shape[0] as number)).toThrow(/odd.*|a constant depends on the size of the batch/);
    await refused((x) => (x.shape[0] === 3 ? tf.neg(x) : tf.exp(x))).toThrow('its operations depend on the size of the batch');
  });

  test('a network that reads data back or ignores its inputs is refused', async () => {
    await refused((x) => tf.mul(x, x.dataSync()[0] as number)).toThrow('reads the data of input "inputs"');
    await refused((x) => tf.zeros([x.shape[0] as number, 4])).toThrow('its logits do not depend on its inputs');
  });

  test('an export into a folder that cannot be written is refused', async () => {
    writeFileSync(join(root, 'file'), '');
    await expect(
      exportSavedModel(
        network((x) => tf.neg(x)),
        join(root, 'file', 'model'),
        { shape: [4] },
      ),
    ).rejects.toThrow(/cannot export the network odd to .*file/);
  });
});

test('an export replaces an older one', async () => {
  const folder = join(root, 'again');
  for (const factor of [2, 3]) {
    const network: Network = { name: 'scaled', logits: (x) => tf.mul(x, factor), parameters: [], buffers: [], dispose: () => undefined };
    await exportSavedModel(network, folder, { shape: [2] });
  }
  const loaded = await node.loadSavedModel(folder);
  const logits = tf.tidy(() => (loaded.predict({ inputs: tf.ones([1, 2]) }) as { logits: tf.Tensor }).logits.dataSync());
  expect(Array.from(logits)).toEqual([3, 3]);
  loaded.dispose();
});
