import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import { sgd } from '@temper/core';
import { mlp } from '@temper/models';
import { compiledEngine } from '@temper/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { distillationUpdate } from './distillation-update.js';
import { openRunner } from './runs.js';

/** Memory at one moment of a soak. */
export interface Sample {
  readonly part: 'recordings' | 'updates' | 'one run';
  readonly done: number;
  readonly residentMiB: number;
  readonly heapMiB: number;
  readonly tensors: number;
}

/** Told of every sample as it is taken. */
export type Tell = (sample: Sample) => void;

const samples = 10;

/** Memory over 1,000 recordings, 100,000 updates of one recording, and a run of 200,000 tiny updates, as a day's training has. */
export async function soak(tell: Tell): Promise<Sample[]> {
  const taken: Sample[] = [];
  const collectGarbage = garbageCollector();
  const sample = (part: Sample['part'], done: number): void => {
    // Or the collector's own rhythm would hide a slow leak, and show one where there is none.
    collectGarbage();
    const { rss, heapUsed } = process.memoryUsage();
    const one = {
      part,
      done,
      residentMiB: Math.round(rss / 2 ** 20),
      heapMiB: Math.round(heapUsed / 2 ** 20),
      tensors: tf.memory().numTensors,
    };
    taken.push(one);
    tell(one);
  };
  repeated(1_000, recordAndRelease, (done) => sample('recordings', done));
  const { run, dispose } = smallUpdate();
  repeated(100_000, run, (done) => sample('updates', done));
  dispose();
  await wholeRun(200_000, (done) => sample('one run', done));
  return taken;
}

function recordAndRelease(): void {
  const { run, dispose } = smallUpdate();
  for (let i = 0; i < 5; i++) run();
  dispose();
}

/** With stages, evaluations and checkpoints. */
async function wholeRun(updates: number, tell: (done: number) => void): Promise<void> {
  const runner = await openRunner();
  const steps = updates / samples;
  let done = 0;
  const note = {
    name: 'memory',
    report: (event: { type: string; stage?: string }) =>
      void (event.type === 'stage-end' && event.stage !== 'teacher' && tell((done += steps))),
  };
  await runner.run(
    {
      data: { type: 'digits', seed: 1, train: 640, validation: 100, test: 100 },
      teacher: { model: { type: 'mlp', hidden: [8] }, train: { epochs: 1 } },
      student: { model: { type: 'mlp', hidden: [4], dropout: 0.1 } },
      stages: [{ repeat: samples, stages: [{ steps, temperature: { type: 'linear', from: 20, to: 1 } }] }],
      batchSize: 8,
      evaluateEvery: { steps },
      checkpoints: { every: { steps } },
    },
    [note],
  );
  await runner.dispose();
}

function smallUpdate() {
  const model = mlp({ hidden: [512, 256] })({ inputShape: [784], classes: 10, seed: 1, name: 'student' }) as LayersModel;
  return distillationUpdate(compiledEngine(), {
    name: 'soak',
    model,
    optimizer: sgd(0.001),
    inputs: () => tf.randomUniform([32, 784], 0, 1, 'float32', 1),
    classes: 10,
  });
}

function repeated(count: number, run: () => void, tell: (done: number) => void): void {
  for (let done = 1; done <= count; done++) {
    run();
    if (done === 1 || done % (count / samples) === 0) tell(done);
  }
}

/** Node keeps it back unless asked. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
