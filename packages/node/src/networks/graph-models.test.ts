import '@tensorflow/tfjs-node';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { io } from '@tensorflow/tfjs-core';
import { arrayDataSet, createKit, type NetworkLike } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../testing/failure.js';
import { graphWeights, writeGraphModel } from '../testing/graph-model.js';
import { load, logitsOf, networkFrom, samples } from '../testing/networks.js';
import { readJson, temporaryFolder } from '../../../../fixtures/temporary.js';
import { readArtifacts } from './read-artifacts.js';
import { saveNetwork } from './save-network.js';

/** A short run with a teacher over three inputs and two classes. */
async function teach(teacher: NetworkLike) {
  const inputs = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i));
  const part = arrayDataSet({ inputs, labels: Array.from({ length: 20 }, (_, i) => i % 2), inputShape: [3], classes: 2 });
  const kit = createKit({ plugins: [losses, models] });
  const result = await kit.run(
    { student: { model: { type: 'mlp', hidden: [3] } }, temperature: 4, epochs: 1, batchSize: 10 },
    { data: { train: part, validation: part, test: part }, teacher },
  );
  result.student.dispose();
  return result;
}

const failureOfLoad = (path: string, runs?: string): Promise<unknown> => failureOf(load(path, runs));

describe('graph models', () => {
  const [a, b] = samples as unknown as [[number, number, number], [number, number, number]];
  const { kernel, bias } = graphWeights;
  const expected = [a, b].flatMap((row) =>
    [0, 1].map((c) => row.reduce((sum, value, i) => sum + value * (kernel[i * 2 + c] as number), bias[c] as number)),
  );

  test.each([[[]], [['Identity']], [['Softmax']], [['Softmax', 'Identity']], [['Sigmoid', 'Identity', 'Identity']]])(
    'graph models with outputs %j load from several weight files',
    async (ending) => {
      const folder = await temporaryFolder();
      await writeGraphModel(folder, { ending });
      await expectNoLeakedTensors(async () => {
        const loaded = await load(folder);
        expect(logitsOf(loaded)).toEqual(expected);
        loaded.dispose();
      });
    },
  );

  test('graph models given in code give logits and stay unchanged', async () => {
    const folder = await temporaryFolder();
    await writeGraphModel(folder, { ending: ['Softmax', 'Identity'] });
    const model = await loadGraphModel(io.fromMemory(await readArtifacts(join(folder, 'model.json'))));
    const { warnings, teacherTest } = await teach(model);
    expect(warnings).toEqual([expect.stringContaining('teacher: ends in a softmax, which was removed')]);
    expect(teacherTest).toBeDefined();
    expect(
      logitsOf(model)
        .slice(0, 2)
        .reduce((sum, p) => sum + p),
    ).toBeCloseTo(1, 5);
    const plain = await load(await writeGraphModel(join(folder, 'plain')));
    expect(teacherTest).toEqual((await teach(plain)).teacherTest);
    model.dispose();
    plain.dispose();
  });

  test('graph models are saved as they were loaded', async () => {
    const folder = await temporaryFolder();
    await writeGraphModel(folder, { ending: ['Softmax'] });
    const loaded = await load(folder);
    await saveNetwork(networkFrom(loaded), join(folder, 'again'));
    expect(await readJson(join(folder, 'again', 'model.json'))).toMatchObject({
      format: 'graph-model',
      weightsManifest: [{ paths: ['weights.bin'] }],
    });
    const again = await load(join(folder, 'again'));
    expect(logitsOf(again)).toEqual(expected);
    loaded.dispose();
    again.dispose();
  });

  test('graph models with a missing or truncated shard are refused', async () => {
    const folder = await temporaryFolder();
    await writeGraphModel(folder);
    await truncate(join(folder, 'group1-shard2of2.bin'), 3);
    expect(await failureOfLoad(folder)).toMatchObject({ message: expect.stringContaining('are cut off: 21 bytes, expected 32') });
  });
});
