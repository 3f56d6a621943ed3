import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { expectNoLeakedTensors } from '@temper/testing';
import { dkd, kl, softCrossEntropy, topKKl } from '@temper/losses';
import type { Loss } from '@temper/core';
import { describe, expect, test } from 'vitest';
import { kernelLevels } from '../backend/kernel-level.js';
import { optimize } from '../passes/optimize.js';
import { recorded, type Recorded } from '../testing/recorded.js';
import { loadKernels } from './kernels.js';

const possible = kernelLevels.slice(0, kernelLevels.indexOf(loadKernels() ?? 'baseline') + 1);
const [rows, classes] = [3, 101];

interface Logits {
  readonly teacher: number[][];
  readonly student: number[][];
}

/** Numbers that look random, with a spread of about `scale`. */
const waves = (scale: number, phase: number): number[][] =>
  Array.from({ length: rows }, (_, r) =>
    Array.from({ length: classes }, (_, i) => Math.fround(scale * 2 * Math.sin(7.3 * i + r + phase) * Math.cos(2.1 * i + phase))),
  );

const near = (logits: number[][], distance: number): number[][] =>
  logits.map((row, r) => row.map((one, i) => Math.fround(one + distance * ((waves(1, 0.9)[r] as number[])[i] as number))));

/** The loss and its gradient for the student, or for the temperature of both sides, as one recorded step. */
function step(
  loss: Loss,
  { teacher, student }: Logits,
  temperature: number,
  of: 'student' | 'temperature' = 'student',
): { made: Recorded; dispose(): void } {
  const inputs = {
    teacher: tf.tensor2d(teacher),
    student: tf.tensor2d(student),
    temperature: tf.scalar(temperature),
    labels: tf.tensor1d([0, 5, -100], 'int32'),
  };
  const made = recorded(inputs, (given) => {
    const values = (moved: tf.Tensor): tf.Tensor => loss({ ...(given as typeof inputs), [of]: moved });
    return { value: values(given[of] as tf.Tensor), gradient: tf.grad((moved) => tf.sum(values(moved)))(given[of] as tf.Tensor) };
  });
  return { made, dispose: () => tf.dispose(inputs) };
}

const usesInstruction = ({ made }: ReturnType<typeof step>, kernels: (typeof possible)[number]): boolean => {
  let found = false;
  made.run((lowered) => {
    const fused = optimize(lowered, { kernels });
    found = fused.graph.some(
      ({ op, attributes: { code } }) =>
        op === 'TemperRows' && code?.kind === 'ints' && code.value.some((opcode, i) => i % 8 === 0 && opcode === 27),
    );
    return fused;
  });
  return found;
};

/** log softmax(z/T), in float64. */
function logSoftmax(logits: readonly number[], temperature: number): number[] {
  const most = Math.max(...logits);
  const soft = logits.map((z) => (z - most) / temperature);
  const size = Math.log(soft.reduce((total, one) => total + Math.exp(one), 0));
  return soft.map((one) => one - size);
}

/** KL(p ‖ q) and q − p, in float64. */
function closedForm(teacher: readonly number[], student: readonly number[], temperature: number): { value: number; gradient: number[] } {
  const [p, q] = [logSoftmax(teacher, temperature), logSoftmax(student, temperature)];
  const ratio = p.map((one, i) => (q[i] as number) - one);
  return {
    value: p.reduce((total, one, i) => total + Math.exp(one) * (Math.expm1(ratio[i] as number) - (ratio[i] as number)), 0),
    gradient: p.map((one, i) => Math.exp(one) * Math.expm1(ratio[i] as number)),
  };
}

describe.each(possible)('with kernels for %s', (kernels) => {
  const cases = [0.5, 4, 20, 1000].flatMap((temperature) => [
    { temperature, scale: 2, distance: undefined },
    { temperature, scale: 2, distance: 0.01 },
    { temperature, scale: 2, distance: 0.0005 },
    { temperature, scale: 20, distance: undefined },
    { temperature, scale: 80, distance: undefined },
  ]);
  test.each(cases)(
    'KL is exact to 1e-6 at temperature $temperature, scale $scale, gap $distance',
    async ({ temperature, scale, distance }) => {
      await expectNoLeakedTensors(() => {
        const teacher = waves(scale, 0);
        const student = distance === undefined ? waves(scale, 0.4) : near(teacher, distance);
        const one = step(kl({ scale: 'none' }), { teacher, student }, temperature);
        const { values } = one.made.run((lowered) => optimize(lowered, { kernels }));
        for (let r = 0; r < rows; r++) {
          const want = closedForm(teacher[r] as number[], student[r] as number[], temperature);
          expect(Math.abs((values['value']?.[r] as number) - want.value) / want.value).toBeLessThan(1e-6);
          const largest = Math.max(...want.gradient.map(Math.abs));
          const got = (values['gradient'] as number[]).slice(r * classes, (r + 1) * classes);
          got.forEach((value, i) => expect(Math.abs(value * temperature - (want.gradient[i] as number)) / largest).toBeLessThan(5e-6));
        }
        one.dispose();
      });
    },
  );

  const hidden = (logits: number[][]): number[][] => logits.map((row) => row.map((one, i) => (i % 3 === 0 ? -1e9 : one)));
  const losses: Readonly<Record<string, { loss: Loss; of?: 'temperature'; logits?: Logits }>> = {
    'reverse KL': { loss: kl({ direction: 'reverse' }) },
    'the gradient of the temperature': { loss: kl(), of: 'temperature' },
    'soft cross-entropy': { loss: softCrossEntropy() },
    DKD: { loss: dkd() },
    'top-k KL': { loss: topKKl({ k: 70 }) },
    'KL of classes that the teacher excludes': { loss: kl(), logits: { teacher: hidden(waves(2, 0)), student: waves(2, 1) } },
    'KL of classes that both exclude': { loss: kl(), logits: { teacher: hidden(waves(2, 0)), student: hidden(waves(2, 1)) } },
    'KL of classes that the student excludes': { loss: kl(), logits: { teacher: waves(2, 0), student: hidden(waves(2, 1)) } },
    'KL of students of which one is not finite': {
      loss: kl(),
      logits: { teacher: waves(2, 0), student: [...waves(2, 1).slice(1), Array.from({ length: classes }, () => NaN)] },
    },
  };
  test.each(Object.entries(losses))('the kernel for %s equals single operations', async (_, { loss, of, logits }) => {
    await expectNoLeakedTensors(() => {
      const one = step(loss, logits ?? { teacher: waves(2, 0), student: waves(2, 1) }, 2, of);
      expect(usesInstruction(one, kernels)).toBe(true);
      const { values } = one.made.run((lowered) => optimize(lowered, { kernels }));
      for (const [name, want] of Object.entries(one.made.eager)) {
        const largest = Math.max(...want.filter(Number.isFinite).map(Math.abs));
        want.forEach((value, i) => {
          const got = values[name]?.[i] as number;
          if (Number.isFinite(value)) expect(Math.abs(got - value)).toBeLessThanOrEqual(1e-5 * Math.abs(value) + 1e-6 * largest);
          else expect(got).toBe(value);
        });
      }
      one.dispose();
    });
  });

  test('equal logits give a divergence of exactly 0', async () => {
    await expectNoLeakedTensors(() => {
      const one = step(kl(), { teacher: waves(2, 0), student: waves(2, 0) }, 3);
      const { values } = one.made.run((lowered) => optimize(lowered, { kernels }));
      expect(Object.values(values).flatMap((all) => all.filter((value) => value !== 0))).toEqual([]);
      one.dispose();
    });
  });
});

test('few classes are computed by the formula', async () => {
  await expectNoLeakedTensors(() => {
    const small = { teacher: waves(2, 0).map((row) => row.slice(0, 10)), student: waves(2, 1).map((row) => row.slice(0, 10)) };
    const one = step(kl(), small, 2);
    expect(usesInstruction(one, possible.at(-1) ?? 'baseline')).toBe(false);
    one.dispose();
  });
});
