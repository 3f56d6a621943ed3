import '@tensorflow/tfjs-node';
import { arrayDataSet, createRandom, type DataSplits } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { expect, test } from 'vitest';
import { wholeAndResumed } from '../testing/resumed-run.js';

const policies = [
  { type: 'ats', target: { type: 'linear', from: 6, to: 3 }, other: 2 },
  {
    type: 'asymmetric-per-sample',
    pairs: [
      { target: 4, other: 2 },
      { target: 2, other: 3 },
    ],
  },
  { type: 'ctkd-per-class', strength: 0.5 },
  { type: 'dts', from: 6, momentum: 0.5 },
  { type: 'inverse-difficulty', base: 2 },
  { type: 'largest-logit', factor: 2 },
  {
    type: 'sequence',
    of: [{ type: 'ctkd-per-class' }, { type: 'dts', from: 6 }, { type: 'product', of: [{ type: 'ctkd-per-class' }, 0.5] }],
  },
];

const [classes, features] = [3, 4];

function noise(): DataSplits {
  const part = (name: string, size: number) => {
    const stream = createRandom(4).stream(name);
    const labels = Int32Array.from({ length: size }, () => stream.integer(classes));
    return arrayDataSet({
      inputs: Float32Array.from({ length: size * features }, () => stream.normal()),
      labels,
      inputShape: [features],
      classes,
    });
  };
  return { train: part('train', 48), validation: part('validation', 9), test: part('test', 9) };
}

test.each(policies.map((temperature) => [JSON.stringify(temperature), temperature] as const))(
  'a run that is stopped and resumed ends with the same bits with %s',
  async (_, temperature) => {
    await expectNoLeakedTensors(async () => {
      const config = {
        teacher: { model: { type: 'mlp', hidden: [5] }, train: { epochs: 1 } },
        student: { model: { type: 'mlp', hidden: [4] } },
        temperature,
        batchSize: 8,
      };
      const { whole, resumed } = await wholeAndResumed(config, noise);
      expect(resumed).toEqual(whole);
    });
  },
);
