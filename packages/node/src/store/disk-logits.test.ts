import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrayDataSet, createKit, definePlugin, Tokens, type LogitsStore, type Network } from '@temper/core';
import { digits } from '@temper/data';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { node } from '../plugin.js';
import { writeGraphModel } from '../testing/graph-model.js';
import { diskLogits } from './disk-logits.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-logits-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const values = Float32Array.from([1, 2, 3, 4, 5, 6]);

test('logits on disk are exact, and damaged or missing files count as absent', async () => {
  const store = diskLogits(folder);
  expect(await store.read('a')).toBeUndefined();
  await store.write('a', { values, shape: [3] });
  expect(await store.read('a')).toEqual({ values, shape: [3] });
  const [file] = readdirSync(folder) as [string];
  writeFileSync(join(folder, file), 'cut');
  expect(await store.read('a')).toBeUndefined();
});

/** A kit whose runs keep logits in a store, and what the store was asked. */
function kitWithStore() {
  const store = diskLogits(folder);
  const asked: string[] = [];
  const observed: LogitsStore = {
    read: async (key) => {
      const found = await store.read(key);
      asked.push(found === undefined ? 'computed' : 'read');
      return found;
    },
    write: store.write,
  };
  const services = definePlugin({
    name: 'logits',
    services(container) {
      container.bind(Tokens.LogitsStore).toConstantValue(observed);
    },
  });
  const kit = createKit({ plugins: [losses, models, node({ runs: join(folder, 'runs'), engine: 'eager' }), services] });
  return { kit, asked: () => new Set(asked.splice(0)) };
}

test('runs with the same teacher compute its logits once', async () => {
  const { kit, asked } = kitWithStore();
  const data = digits({ train: 64, validation: 32, test: 32 })();
  const config = { student: { model: { type: 'mlp', hidden: [4] } }, temperature: 2, epochs: 1 } as const;
  const train = async (teacher: Network, temperature: number) => {
    const { student, test: reached } = await kit.run({ ...config, temperature }, { data, teacher });
    student.dispose();
    return reached;
  };
  const networkOf = async (seed: number): Promise<Network> =>
    (
      await kit.run(
        {
          student: { model: { type: 'mlp', hidden: [8] } },
          weighting: { hard: 1 },
          losses: { hard: { type: 'cross-entropy' } },
          temperature: 1,
          epochs: 1,
          seed,
        },
        { data },
      )
    ).student;
  const [one, other] = [await networkOf(1), await networkOf(2)];
  const first = await train(one, 2);
  expect(asked()).toEqual(new Set(['computed']));
  expect(await train(one, 2)).toEqual(first);
  await train(one, 4);
  expect(asked()).toEqual(new Set(['read']));
  await train(other, 2);
  expect(asked()).toEqual(new Set(['computed']));
  one.dispose();
  other.dispose();
});

test('runs with the same graph model as teacher compute its logits once', async () => {
  const { kit, asked } = kitWithStore();
  const inputs = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i));
  const part = arrayDataSet({ inputs, labels: Array.from({ length: 20 }, (_, i) => i % 2), inputShape: [3], classes: 2 });
  const train = async (from: string): Promise<ReadonlySet<string>> => {
    const { student, teacher } = await kit.run(
      { teacher: { from }, student: { model: { type: 'mlp', hidden: [4] } }, temperature: 2, epochs: 1, batchSize: 10 },
      { data: { train: part, validation: part, test: part } },
    );
    student.dispose();
    teacher?.dispose();
    return asked();
  };
  const one = await writeGraphModel(join(folder, 'one'));
  const soft = await writeGraphModel(join(folder, 'soft'), { ending: ['Identity', 'Relu'] });
  expect(await train(one)).toContain('computed');
  expect(await train(one)).toEqual(new Set(['read']));
  expect(await train(soft)).toContain('computed');
});
