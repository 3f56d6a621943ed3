import type { Case } from '../cases.js';
import { median } from '../measure.js';
import { epochSeconds, mnistFolder, openRunner, type Runner } from '../runs.js';

const student = { model: { type: 'cnn', channels: [16, 32] } } as const;
const teacher = { model: { type: 'mlp', hidden: [32] }, train: { epochs: 1 } } as const;
const shared = { student, teacher, optimizer: { type: 'adam', learningRate: 0.001 }, batchSize: 64 } as const;
const digits = { ...shared, data: { type: 'digits', seed: 1 } } as const;

/** The first two epochs record and check the steps of both sizes of batch, as PyTorch's first one warms up. */
const warmUp = 2;

const ofRuns =
  (times: (runner: Runner) => Promise<number[]>): Case['prepare'] =>
  async () => {
    const runner = await openRunner();
    return { times: () => times(runner), dispose: () => runner.dispose() };
  };

/** Batches, updates, reports; without evaluation, as in PyTorch's loop. */
const wholeEpoch: Case = {
  name: 'whole epoch of the MNIST CNN, loop included',
  against: { peer: 'epoch' },
  goal: 0.7,
  prepare: ofRuns(async (runner) => {
    const seconds: number[] = [];
    await runner.run({ ...shared, data: { type: 'idx', folder: mnistFolder }, epochs: warmUp + 3 }, [epochSeconds(seconds)]);
    return seconds.slice(warmUp).map((one) => 1000 * one);
  }),
};

/** All that training takes beside its steps: batches, schedules, reading back, events. */
const loop: Case = {
  name: "the loop's own part of 100 ms of training, digits CNN",
  against: { limitMs: 10 },
  goal: 1,
  prepare: ofRuns(async (runner) => [100 * (await runner.run({ ...digits, epochs: 5 })).loopOverhead]),
};

/** Every other epoch begins with a checkpoint to write, beside training; what those take beyond their neighbours is its cost. */
const checkpoints: Case = {
  name: 'a checkpoint: its part of 100 ms of an epoch, digits CNN',
  against: { limitMs: 5 },
  goal: 1,
  prepare: ofRuns(async (runner) => {
    const ends: number[] = [];
    const note = {
      name: 'ends of epochs',
      report: (event: { type: string }) => void (event.type === 'epoch-end' && ends.push(performance.now())),
    };
    await runner.run({ ...digits, epochs: 25, evaluateEvery: { epochs: 100 }, checkpoints: { every: { epochs: 2 } } }, [note]);
    // From the end of each of the student's last epochs but one to the next end: the first of them, an even one, with a checkpoint.
    const student = ends.slice(-22);
    const epochs = student.slice(1).map((end, i) => end - (student[i] as number));
    const [withOne, without] = [0, 1].map((parity) => median(epochs.filter((_, i) => i % 2 === parity))) as [number, number];
    return [(100 * (withOne - without)) / withOne];
  }),
};

export const runCases: readonly Case[] = [wholeEpoch, loop, checkpoints];
