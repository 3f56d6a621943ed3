import * as tf from '@tensorflow/tfjs-core';
import { sgd } from '@temper/core';
import { mlp } from '@temper/models';
import { compiledEngine } from '@temper/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { distillationUpdate } from './distillation-update.js';
import { openRunner } from './runs.js';

/** Memory at one moment of a soak. */
export interface Sample {
  readonly done: number;
  readonly residentMiB: number;
  readonly heapMiB: number;
  readonly tensors: number;
}

type Tell = (sample: Sample) => void;

const samples = 10;

/** Makes so many recordings, each run five times and released. */
export function soakRecordings(count: number, tell: Tell): void {
  repeated(count, tell, () => {
    const { run, dispose } = smallUpdate();
    for (let i = 0; i < 5; i++) run();
    dispose();
  });
}

/** Makes so many updates on one recording. */
export function soakUpdates(count: number, tell: Tell): void {
  const { run, dispose } = smallUpdate();
  repeated(count, tell, run);
  dispose();
}

/** One run of so many tiny updates, as a day's training has, with stages, evaluations and checkpoints. */
export async function soakRun(updates: number, tell: Tell): Promise<void> {
  const runner = await openRunner();
  const steps = updates / samples;
  let done = 0;
  const note = { name: 'memory', report: (event: { type: string; stage?: string }) => void (event.type === 'stage-end' && event.stage !== 'teacher' && tell(sampled((done += steps)))) };
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
  return distillationUpdate(compiledEngine(), { name: 'soak', model, optimizer: sgd(0.001), inputs: () => tf.randomUniform([32, 784], 0, 1, 'float32', 1), classes: 10 });
}

function repeated(count: number, tell: Tell, run: () => void): void {
  const every = Math.max(1, Math.floor(count / samples));
  for (let done = 1; done <= count; done++) {
    run();
    if (done === 1 || done % every === 0) tell(sampled(done));
  }
}

function sampled(done: number): Sample {
  const { rss, heapUsed } = process.memoryUsage();
  return { done, residentMiB: Math.round(rss / 2 ** 20), heapMiB: Math.round(heapUsed / 2 ** 20), tensors: tf.memory().numTensors };
}
