import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { eagerEngine, type Engine, type StepDefinition } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { beforeEach, expect, test } from 'vitest';
import { compiledEngine } from './engine.js';
import { smallBatch, smallScalars, smallStep, train, type SmallStepParts, type Training } from '../testing/small-step.js';

const warnings: string[] = [];
const engine = compiledEngine({ onWarning: (message) => warnings.push(message) });
beforeEach(() => void warnings.splice(0));

/** What a careless plug-in keeps on the host. */
interface Host {
  update: number;
  batch: Record<string, tf.Tensor>;
}

/** Trains with a careless part on both engines: the updates are right all the same, and the one warning is returned. */
async function warningFor(careless: (host: Host) => SmallStepParts, training: Partial<Training> = {}): Promise<string> {
  const run = (which: Engine) =>
    expectNoLeakedTensors(() => {
      const host: Host = { update: 0, batch: {} };
      return train(which, smallStep(careless(host)), {
        updates: 12,
        ...training,
        before: (update, batch) => void Object.assign(host, { update, batch }),
      });
    });
  const [eager, compiled] = [await run(eagerEngine), await run(engine)];
  eager.losses.forEach((loss, i) => expect(Math.abs((compiled.losses[i] as number) - loss)).toBeLessThanOrEqual(1e-5 * Math.abs(loss)));
  expect(warnings).toHaveLength(1);
  return warnings[0] as string;
}

test('a temperature read as a number is detected at the second update, with its place', async () => {
  const warning = await warningFor((host) => ({ temperature: () => smallScalars(host.update).temperature }));
  expect(warning).toContain('"small" runs operation by operation');
  expect(warning).toMatch(/"temperature" that changes between updates \(20 became 19.5\).*in distillation at .*small-step\.ts:\d+/);
  expect(warning).toContain('Read "temperature" as a tensor');
});

test('the warning names the plug-in when the loop names it', async () => {
  const warning = await warningFor((host) => ({
    temperature: () => tf.tidy('temperature "mine"', () => tf.scalar(smallScalars(host.update).temperature)),
  }));
  expect(warning).toMatch(/temperature "mine", in .*fallback\.test\.ts:\d+/);
});

test('a learning rate read as a number is detected at its first change', async () => {
  const warning = await warningFor((host) => ({ learningRate: () => smallScalars(host.update).learningRate }));
  expect(warning).toMatch(/"learningRate" that changes between updates \(0.05 became 0.01\)/);
  expect(warning).not.toContain('may have used');
});

test('a loss weight read as a number is detected at its first change', async () => {
  const weight = (update: number) => (update < 7 ? 0.7 : 0.6);
  const warning = await warningFor((host) => ({ softWeight: () => weight(host.update) }), {
    scalars: (update) => ({ ...smallScalars(update), soft: weight(update) }),
  });
  expect(warning).toMatch(/"soft" that changes between updates \(0.7 became 0.6\)/);
});

test('a number that no scalar shows is detected by periodic checks', async () => {
  const warning = await warningFor((host) => ({ loss: (loss) => tf.mul(loss, host.update < 10 ? 1 : 1 + 1e-7) }), { updates: 17 });
  expect(warning).toMatch(/a number that changes between updates/);
  expect(warning).toMatch(/Updates since number \d+ .* may have used the old value/);
});

test('a batch captured from outside is detected', async () => {
  const warning = await warningFor((host) => ({ x: () => host.batch['x'] as tf.Tensor }));
  expect(warning).toContain('a tensor from outside of the step that changes between updates');
});

test('noise from the host is detected', async () => {
  await expectNoLeakedTensors(() => train(engine, smallStep({ hidden: (h) => tf.mul(h, Math.random()) }), { updates: 4 }));
  await expectNoLeakedTensors(() => train(engine, smallStep({ hidden: (h) => tf.dropout(h, 0.5) }), { updates: 4 }));
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain('a number that changes');
  expect(warnings[1]).toContain('uniformNoise');
});

test('noise from operations of TensorFlow is refused by name', async () => {
  await expectNoLeakedTensors(() =>
    train(
      engine,
      smallStep({
        loss: (loss) => tf.add(loss, tf.mul(0, tf.sum(tf.cast(tf.multinomial(tf.tensor1d([0.5, 0.5]), 3), 'float32')))) as tf.Scalar,
      }),
      { updates: 4 },
    ),
  );
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('Multinomial draws random numbers');
});

test('reading computed data back is detected with its place in the code', async () => {
  const warning = await warningFor(() => ({
    loss: (loss) => ((loss.dataSync()[0] as number) > 1e9 ? tf.mul(loss, 2) : loss) as tf.Scalar,
  }));
  expect(warning).toMatch(/reads data computed from its inputs back to the host.*fallback\.test\.ts/);
  expect(warning).toContain('tf.where');
});

test('reading the data of an input is detected', async () => {
  const warning = await warningFor(() => ({ temperature: ({ temperature }) => (temperature as tf.Scalar).dataSync()[0] as number }));
  expect(warning).toContain('reads the data of input "temperature"');
});

test('a change of operations between updates is detected', async () => {
  const warning = await warningFor((host) => ({ hidden: (h) => (host.update % 2 === 0 ? tf.tanh(h) : tf.sigmoid(h)) }));
  expect(warning).toContain('the operations of the step differ between updates: Tanh became Sigmoid');
});

test('a change of attributes between updates is detected', async () => {
  const warning = await warningFor((host) => ({ hidden: (h) => tf.leakyRelu(h, 0.1 + host.update / 100) }));
  expect(warning).toMatch(/the operations of the step differ|changes between updates/);
});

test('undeclared state is named', async () => {
  const warning = await warningFor(() => ({ declared: (all) => all.slice(0, -1) }));
  expect(warning).toMatch(/assigns the variable "\d+" of shape \[5\], which is not in its state/);
});

test('variables made inside of the step are named', async () => {
  let late: tf.Variable | undefined;
  await expectNoLeakedTensors(() => {
    const body: StepDefinition['body'] = ({ x }) => {
      late ??= tf.variable(tf.scalar(1), false, 'late');
      late.assign(tf.add(late as tf.Tensor, x as tf.Tensor));
      return { now: tf.clone(late as tf.Tensor) };
    };
    const step = engine.prepare({ name: 'late', state: [], body });
    for (let i = 0; i < 3; i++) tf.tidy(() => void step.run({ x: tf.scalar(1) }, {}));
    expect(late?.dataSync()[0]).toBe(4);
    step.dispose();
    late?.dispose();
  });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('creates the variable "late"');
});

test('a deterministic run is eager on an early fault and ends on a late one', async () => {
  const deterministic: Engine = { name: 'deterministic', prepare: (step) => engine.prepare(step, { deterministic: true }) };
  const reads: SmallStepParts = { loss: (loss) => ((loss.dataSync()[0] as number) > 1e9 ? tf.mul(loss, 2) : loss) as tf.Scalar };
  await expectNoLeakedTensors(() => train(deterministic, smallStep(reads), { updates: 4 }));
  expect(warnings).toHaveLength(1);

  let count = 2;
  await expectNoLeakedTensors(() => {
    const step = smallStep({ temperature: () => tf.scalar(count++) });
    const prepared = deterministic.prepare(step.definition);
    const once = (update: number): void => tf.tidy(() => void prepared.run(smallBatch(update), smallScalars(update)));
    once(0);
    expect(() => once(1)).toThrow(/^"small" must be deterministic, which is no longer possible: RealDiv uses a number that changes/);
    prepared.dispose();
    step.dispose();
  });
  expect(warnings).toHaveLength(1);
});

test('a deterministic run keeps an update that is not finite on the eager engine too', async () => {
  await expectNoLeakedTensors(() => {
    const weight = tf.tidy(() => tf.variable(tf.tensor1d([-9, 2])));
    // Where scale is 0 the gradient behind the relu is NaN; the graph leaves units out that are not active.
    const body: StepDefinition['body'] = ({ x, scale }) => {
      const root = (w: tf.Tensor): tf.Scalar => tf.sum(tf.sqrt(tf.add(tf.mul(tf.relu(w), 0), scale as tf.Tensor)));
      weight.assign(tf.sub(tf.add(weight as tf.Tensor1D, x as tf.Tensor), tf.grad(root)(weight)));
      return { now: tf.clone(weight as tf.Tensor) };
    };
    const step = engine.prepare({ name: 'hidden', state: [weight], body }, { deterministic: true });
    const values = [1, 1, 0, 0].map((scale) => tf.tidy(() => step.run({ x: tf.scalar(1) }, { scale })['now']?.dataSync()[0]));
    expect(values).toEqual([-8, -7, NaN, NaN]);
    step.dispose();
    weight.dispose();
  });
  expect(warnings).toEqual(['"hidden" runs operation by operation from now on: this update gives values that are not finite.']);
});
