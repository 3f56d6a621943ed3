import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { createKit, createRandom, type DataLoader } from '@temper/core';
import { data } from '@temper/data';
import { node } from '@temper/node';
import type { Case } from '../cases.js';
import type { Measured } from '../measure.js';
import { mnistFolder } from '../runs.js';

const table = join(tmpdir(), `temper-bench-${process.pid}.csv`);
const [rows, columns] = [20_000, 32];

const kit = () => createKit({ plugins: [data, node()] });

/** From the files to a tensor of every training sample. */
const loading = (loader: DataLoader, dispose: Measured['dispose'] = () => undefined): Measured => ({
  async times(seconds) {
    const times: number[] = [];
    const end = performance.now() + 1000 * seconds;
    while (times.length < 3 || performance.now() < end) {
      const start = performance.now();
      const { train } = await loader();
      const { inputs, labels } = await train.batch(Int32Array.from({ length: train.size }, (_, i) => i));
      times.push(performance.now() - start);
      tf.dispose([inputs, labels]);
    }
    return times;
  },
  dispose,
});

/** Both sides standardise the columns; the peer reads with pandas where it is there, else with numpy. */
const csv: Case = {
  name: `loading a CSV file of ${rows} × ${columns} numbers`,
  against: { peer: `csv:${table}` },
  goal: 1,
  async prepare() {
    const stream = createRandom(1).stream('table');
    const head = [...Array.from({ length: columns }, (_, i) => `x${i}`), 'label'].join();
    const lines = Array.from({ length: rows }, (_, i) =>
      [...Array.from({ length: columns }, () => stream.normal().toFixed(5)), String(i % 10)].join(),
    );
    await writeFile(table, `${[head, ...lines].join('\n')}\n`);
    return loading(kit().data({ type: 'csv', path: table, label: 'label' }), () => rm(table, { force: true }));
  },
};

const idx: Case = {
  name: "loading MNIST's 10000 test images (IDX, gzip)",
  against: { peer: 'idx' },
  goal: 1,
  prepare: () => loading(kit().data({ type: 'idx', folder: mnistFolder })),
};

export const dataCases: readonly Case[] = [csv, idx];
