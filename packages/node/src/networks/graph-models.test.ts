import '@tensorflow/tfjs-node';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expectNoLeakedTensors } from '@temper/core/testing';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../testing/failure.js';
import { graphWeights, writeGraphModel } from '../testing/graph-model.js';
import { load, logitsOf, networkFrom, samples } from '../testing/networks.js';
import { readJson, temporaryFolder } from '../testing/temporary.js';
import { saveNetwork } from './save-network.js';

const failureOfLoad = (path: string, runs?: string): Promise<unknown> => failureOf(load(path, runs));

describe('graph models', () => {
  const [a, b] = samples as unknown as [[number, number, number], [number, number, number]];
  const { kernel, bias } = graphWeights;
  const expected = [a, b].flatMap((row) =>
    [0, 1].map((c) => row.reduce((sum, value, i) => sum + value * (kernel[i * 2 + c] as number), bias[c] as number)),
  );

  test.each([[[]], [['Identity']], [['Softmax']], [['Softmax', 'Identity']]])('load from several weight files, ending with %j', async (ending) => {
    const folder = await temporaryFolder();
    await writeGraphModel(folder, { ending });
    await expectNoLeakedTensors(async () => {
      const loaded = await load(folder);
      expect(logitsOf(loaded)).toEqual(expected);
      loaded.dispose();
    });
  });

  test('are saved as they were loaded', async () => {
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

  test('with a shard missing or cut off', async () => {
    const folder = await temporaryFolder();
    await writeGraphModel(folder);
    await truncate(join(folder, 'group1-shard2of2.bin'), 3);
    expect(await failureOfLoad(folder)).toMatchObject({ message: expect.stringContaining('are cut off: 21 bytes, expected 32') });
  });
});
