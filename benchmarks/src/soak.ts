import * as tf from '@tensorflow/tfjs-core';
import { sgd } from '@temper/core';
import { mlp } from '@temper/models';
import { compiledEngine } from '@temper/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { distillationUpdate } from './distillation-update.js';

/** Memory at one moment of a soak. */
export interface Sample {
  readonly done: number;
  readonly residentMiB: number;
  readonly heapMiB: number;
  readonly tensors: number;
}

const samples = 10;

/** Makes so many recordings, each run five times and released, then so many updates on one; tells memory in ten even steps. */
export function soak(recordings: number, updates: number, tell: (phase: string, sample: Sample) => void): void {
  let small: ReturnType<typeof smallUpdate> | undefined;
  sampled(recordings, 'recordings', tell, () => {
    small?.dispose();
    small = smallUpdate();
    for (let i = 0; i < 5; i++) small.run();
  });
  const { run, dispose } = small ?? smallUpdate();
  sampled(updates, 'updates', tell, run);
  dispose();
}

function smallUpdate() {
  const model = mlp({ hidden: [512, 256] })({ inputShape: [784], classes: 10, seed: 1, name: 'student' }) as LayersModel;
  return distillationUpdate(compiledEngine(), { name: 'soak', model, optimizer: sgd(0.001), inputs: () => tf.randomUniform([32, 784], 0, 1, 'float32', 1), classes: 10 });
}

function sampled(count: number, phase: string, tell: (phase: string, sample: Sample) => void, run: () => void): void {
  const every = Math.max(1, Math.floor(count / samples));
  for (let done = 1; done <= count; done++) {
    run();
    if (done !== 1 && done % every !== 0) continue;
    const { rss, heapUsed } = process.memoryUsage();
    tell(phase, { done, residentMiB: Math.round(rss / 2 ** 20), heapMiB: Math.round(heapUsed / 2 ** 20), tensors: tf.memory().numTensors });
  }
}
