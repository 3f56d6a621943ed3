import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { eagerEngine, uniformNoise, type Engine, type StepDefinition } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import { smallStep, train, type SmallStepParts, type Trained, type Training } from '../testing/small-step.js';
import { warnings, engine } from '../testing/warning-engine.js';

beforeEach(() => void warnings.splice(0));

/** The same training on both engines, each on a step of its own. */
async function onBoth(parts: () => SmallStepParts, training: Training): Promise<{ eager: Trained; compiled: Trained }> {
  const on = (which: Engine) => expectNoLeakedTensors(() => train(which, smallStep(parts()), training));
  return { eager: await on(eagerEngine), compiled: await on(engine) };
}

function expectSame({ eager, compiled }: { eager: Trained; compiled: Trained }): void {
  const largest = Math.max(...eager.weights.map(Math.abs));
  eager.losses.forEach((loss, i) => expect(Math.abs((compiled.losses[i] as number) - loss)).toBeLessThanOrEqual(1e-5 * Math.abs(loss)));
  eager.weights.forEach((weight, i) => expect(Math.abs((compiled.weights[i] as number) - weight)).toBeLessThanOrEqual(1e-5 * largest));
}

describe('a recorded step', () => {
  test('a recorded step makes the same updates as an eager step', async () => {
    expectSame(await onBoth(() => ({}), { updates: 20 }));
    expect(warnings).toEqual([]);
  });

  test('a recorded step has one recording for each batch size', async () => {
    expectSame(await onBoth(() => ({}), { updates: 24, batchSize: (update) => 8 - (update % 6) }));
    expect(warnings).toEqual([]);
  });

  test('a recorded step draws its noise from the seed of the update', async () => {
    const hidden: SmallStepParts['hidden'] = (h, { seed }) =>
      tf.mul(h, tf.cast(tf.less(uniformNoise(h.shape, seed as tf.Tensor1D, 3), 0.8), 'float32'));
    const training: Training = { updates: 12, before: (update, batch) => void (batch['seed'] = tf.tensor1d([5, update], 'int32')) };
    expectSame(await onBoth(() => ({ hidden }), training));
    expect(warnings).toEqual([]);
  });

  test('a recorded step embeds integer tokens', async () => {
    const run = (which: Engine): Promise<number[]> =>
      expectNoLeakedTensors(() => {
        const table = tf.tidy(() => tf.variable(tf.randomNormal([7, 4], 0, 1, 'float32', 1)));
        const definition: StepDefinition = {
          name: 'embedding',
          state: [table],
          body: ({ tokens, rate }) => {
            const { value, grads } = tf.variableGrads(
              () => tf.mean(tf.square(tf.gather(table as tf.Tensor, tokens as tf.Tensor1D))),
              [table],
            );
            table.assign(tf.sub(table as tf.Tensor, tf.mul(rate as tf.Tensor, grads[table.name] as tf.Tensor)));
            return { loss: value };
          },
        };
        const step = which.prepare(definition);
        for (let i = 0; i < 5; i++) {
          const tokens = tf.tensor2d(
            [
              [i, 1, 6],
              [2, 2, i],
            ],
            [2, 3],
            'int32',
          );
          tf.dispose([tokens, ...Object.values(step.run({ tokens }, { rate: 1 + i }))]);
        }
        step.dispose();
        const result = Array.from(table.dataSync());
        table.dispose();
        return result;
      });
    const [eager, compiled] = [await run(eagerEngine), await run(engine)];
    compiled.forEach((value, i) => expect(value).toBeCloseTo(eager[i] as number, 6));
    expect(warnings).toEqual([]);
  });

  test('a recorded step returns inputs, state, constants and a tensor twice', async () => {
    await expectNoLeakedTensors(() => {
      const [a, b] = tf.tidy(() => [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([3, 4]))]) as [tf.Variable, tf.Variable];
      const definition: StepDefinition = {
        name: 'swap',
        state: [a, b],
        body: ({ x, s }) => {
          const old = tf.clone(a as tf.Tensor);
          a.assign(b as tf.Tensor);
          b.assign(old);
          const sum = tf.add(x as tf.Tensor, s as tf.Tensor);
          return {
            x: x as tf.Tensor,
            s: s as tf.Tensor,
            sum,
            again: sum,
            a: tf.clone(a as tf.Tensor),
            one: tf.scalar(1),
            yes: tf.scalar(true, 'bool'),
            none: tf.zeros([0, 3]),
            two: tf.tensor1d([2, 2], 'int32'),
          };
        },
      };
      const step = engine.prepare(definition);
      for (let i = 1; i < 6; i++) {
        const x = tf.tensor1d([i, i]);
        const out = step.run({ x }, { s: 10 * i });
        const read = Object.fromEntries(
          Object.entries(out).map(([name, tensor]) => [name, [tensor.dtype, tensor.shape, Array.from(tensor.dataSync())]]),
        );
        const odd = i % 2 === 1;
        expect(read).toEqual({
          x: ['float32', [2], [i, i]],
          s: ['float32', [], [10 * i]],
          sum: ['float32', [2], [11 * i, 11 * i]],
          again: ['float32', [2], [11 * i, 11 * i]],
          a: ['float32', [2], odd ? [3, 4] : [1, 2]],
          one: ['float32', [], [1]],
          yes: ['bool', [], [1]],
          none: ['float32', [0, 3], []],
          two: ['int32', [2], [2, 2]],
        });
        expect(Array.from(b.dataSync())).toEqual(odd ? [1, 2] : [3, 4]);
        tf.dispose([x, ...Object.values(out)]);
      }
      step.dispose();
      tf.dispose([a, b]);
    });
    expect(warnings).toEqual([]);
  });

  test('a recorded step reads frozen tensors at each update and keeps state clones', async () => {
    await expectNoLeakedTensors(() => {
      const [weight, other] = tf.tidy(() => [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))]) as [tf.Variable, tf.Variable];
      const body: StepDefinition['body'] = () => {
        weight.assign(tf.add(weight as tf.Tensor, other as tf.Tensor));
        return {};
      };
      const step = engine.prepare({ name: 'frozen', state: [weight], frozen: [other], body });
      const kept: tf.Tensor[] = [];
      for (let i = 0; i < 4; i++) {
        kept.push(tf.clone(weight as tf.Tensor));
        step.run({}, {});
        tf.tidy(() => other.assign(tf.mul(other as tf.Tensor, 10)));
      }
      expect(kept.map((one) => one.dataSync()[0])).toEqual([1, 3, 23, 223]);
      expect(weight.dataSync()[0]).toBe(2223);
      step.dispose();
      tf.dispose([weight, other, kept]);
    });
    expect(warnings).toEqual([]);
  });

  test('a recorded step distinguishes inputs and variables that share their data', async () => {
    await expectNoLeakedTensors(() => {
      const a = tf.tidy(() => tf.variable(tf.scalar(1)));
      const b = tf.variable(a as tf.Tensor);
      const body: StepDefinition['body'] = ({ x, y }) => {
        const sum = tf.sub(x as tf.Tensor, y as tf.Tensor);
        a.assign(tf.add(a as tf.Tensor, 1));
        b.assign(tf.add(b as tf.Tensor, 2));
        return { sum };
      };
      const step = engine.prepare({ name: 'shared', state: [a, b], body });
      const [two, five] = [tf.scalar(2), tf.scalar(5)];
      b.assign(a as tf.Tensor);
      const first = step.run({ x: two, y: two }, {});
      const second = step.run({ x: five, y: two }, {});
      const third = step.run({ x: two, y: five }, {});
      expect([first, second, third].map(({ sum }) => (sum as tf.Tensor).dataSync()[0])).toEqual([0, 3, -3]);
      expect([a, b].map((one) => one.dataSync()[0])).toEqual([4, 7]);
      step.dispose();
      tf.dispose([a, b, two, five, first, second, third] as tf.TensorContainer);
    });
    expect(warnings).toEqual([]);
  });

  test('a recorded step runs inside of tf.tidy', async () => {
    await expectNoLeakedTensors(() => {
      const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
      const step = engine.prepare({
        name: 'tidy',
        state: [weight],
        body: ({ x }) => (weight.assign(tf.mul(weight as tf.Tensor, x as tf.Tensor)), { now: tf.add(weight as tf.Tensor, 0) }),
      });
      const seen = [2, 3, 4].map((value) => tf.tidy(() => (step.run({ x: tf.scalar(value) }, {})['now'] as tf.Tensor).dataSync()[0]));
      expect(seen).toEqual([2, 6, 24]);
      step.dispose();
      weight.dispose();
    });
  });
});
