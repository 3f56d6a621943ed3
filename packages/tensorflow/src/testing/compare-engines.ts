import * as tf from '@tensorflow/tfjs-core';
import { arrayDataSet, createKit, createRandom, eagerEngine, Tokens, type DataSplits, type Engine, type RunEvent } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { expect } from 'vitest';
import { compiledEngine } from '../engine/engine.js';

const kit = createKit({ plugins: [schedules, losses, models] });
/** The config of a run that is compared. */
export type Run = Parameters<typeof kit.run>[0];

const classes = 4;
const updates = 10;
const batchSize = 6;

/** Labelled noise of any shape; whole numbers for tokens. */
export function noise(inputShape: number[], tokens: boolean): DataSplits {
  const width = tf.util.sizeFromShape(inputShape);
  const part = (name: string, size: number) => {
    const stream = createRandom(5).stream(name);
    const labels = Int32Array.from({ length: size * (tokens ? width : 1) }, () => stream.integer(classes));
    const values = { length: size * width };
    const inputs = tokens ? Int32Array.from(values, () => stream.integer(classes)) : Float32Array.from(values, () => stream.normal());
    return arrayDataSet({ inputs, labels, inputShape, classes, ...(tokens ? { labelShape: inputShape } : {}) });
  };
  return { train: part('train', updates * batchSize), validation: part('validation', 8), test: part('test', 8) };
}

interface Trained {
  readonly losses: number[];
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

async function train(engine: Engine, config: Run, data: DataSplits): Promise<Trained> {
  const seen: number[] = [];
  const report = (event: RunEvent): void => void (event.type === 'steps' && seen.push(event.loss));
  const shape = { inputShape: data.train.inputShape, classes, seed: 9, name: 'teacher' };
  const teacher = kit.model(config.student?.model ?? { type: 'mlp', hidden: [7] })(shape);
  const usual = { temperature: { type: 'linear', from: 6, to: 2 }, student: { model: { type: 'mlp', hidden: [7] } } } as const;
  const result = await kit.run(
    { seed: 3, batchSize, epochs: 1, keep: 'last', ...usual, ...config },
    {
      data,
      teacher,
      reporters: [{ name: 'seen', report }],
      services: (container) => void container.rebind(Tokens.Engine).toConstantValue(engine),
    },
  );
  const weights = Object.fromEntries(
    [...result.student.parameters, ...result.student.buffers].map((one) => [one.name, Array.from(one.dataSync())]),
  );
  result.student.dispose();
  result.teacher?.dispose();
  // One epoch has one evaluation, in which a temperature that waits for several cannot change.
  expect(result.warnings.filter((warning) => !warning.includes('never changes in stage'))).toEqual([]);
  return { losses: seen, weights };
}

/** The same ten updates on both engines: losses and weights equal to 1e-5. */
export async function compare(config: Run, data = noise([5], false), free: (weight: string) => boolean = () => false): Promise<void> {
  const eager = await expectNoLeakedTensors(() => train(eagerEngine, config, data));
  const compiled = await expectNoLeakedTensors(() => train(compiledEngine(), config, data));
  expect(eager.losses).toHaveLength(updates);
  eager.losses.forEach((loss, i) =>
    expect(Math.abs((compiled.losses[i] as number) - loss)).toBeLessThanOrEqual(1e-5 * Math.abs(loss) + 1e-7),
  );
  const largest = Math.max(...Object.values(eager.weights).flat().map(Math.abs));
  const [got, want] = [Object.values(compiled.weights), Object.entries(eager.weights)];
  want.forEach(([name, values], i) => {
    if (free(name)) return;
    const difference = Math.max(...values.map((value, k) => Math.abs((got[i]?.[k] as number) - value)));
    expect(difference, name).toBeLessThanOrEqual(1e-5 * largest);
  });
}
