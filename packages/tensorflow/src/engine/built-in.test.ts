import '@tensorflow/tfjs-node';
import { optimizers } from '@temper/core';
import { losses } from '@temper/losses';
import { describe, expect, test } from 'vitest';
import { compare, noise, type Run } from '../testing/compare-engines.js';

interface Strategy {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** What is not an option of every strategy of a kind; strategies that are not named here are used with their defaults. */
const options: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'loss fitnets': { student: 'hidden_1', teacher: 'hidden_1' },
  'loss attention-transfer': { layers: { last: 1 } },
  'loss channel-wise': { student: 'hidden_1', teacher: 'hidden_1', over: 'channels', temperature: { type: 'linear', from: 4, to: 1 } },
  'loss logit-standardization': { of: { type: 'kl' } },
  'loss annealing-kd': { maxTemperature: 20 },
  'loss dkd': { warmup: 4 },
  'loss top-k-kl': { k: 2 },
  'weighting alpha': { soft: { type: 'linear', from: 0.9, to: 0.1 } },
  'weighting teacher-confidence': { soft: 0.8 },
  'weighting teacher-correctness': { soft: 0.6 },
  'weighting token-focusing': { soft: 0.8, decay: 0, warmUp: 0 },
  'weighting constant': { weights: { hard: 0.3, soft: 0.7 } },
  'weighting linear': { from: { hard: 0, soft: 1 }, to: { hard: 1, soft: 0 } },
};

/** Curves differ on the host alone; what counts here is what temperatures do in the graph. */
const temperatures: readonly Strategy[] = [
  { type: 'linear', from: 8, to: 1 },
  {
    type: 'asymmetric-per-sample',
    pairs: [
      { target: 4, other: 2 },
      { target: 2, other: 3 },
    ],
  },
  { type: 'ats', target: { type: 'linear', from: 6, to: 4 }, other: 2 },
  { type: 'ats', target: 3, other: 2, sides: 'both' },
  { type: 'confidence-matched' },
  { type: 'ctkd-per-class', strength: 0.5 },
  { type: 'dts', from: 4 },
  { type: 'inverse-difficulty', base: 2 },
  { type: 'largest-logit', factor: 2 },
  { type: 'product', of: [{ type: 'ctkd-per-class' }, { type: 'flsw', base: 2 }, 0.5] },
  { type: 'ctkd' },
  { type: 'ctkd-per-sample' },
  { type: 'cwsm', base: { type: 'linear', from: 6, to: 2 } },
  { type: 'dtkd', base: 4 },
  { type: 'entropy-matched' },
  { type: 'flsw', base: 4 },
  { type: 'logit-standardization' },
  { type: 'plateau', from: 8 },
  { type: 'student-teacher-gap', from: 8, to: 1 },
  { type: 'target-entropy', target: 0.6, from: 4 },
  { type: 'sequence', of: [4, { type: 'cwsm', base: 4 }, { type: 'linear', from: 4, to: 1 }], lengths: [{ steps: 3 }, { steps: 4 }] },
  { type: 'sides', student: { type: 'linear', from: 4, to: 2 }, teacher: 3 },
  { type: 'warm-up', of: { type: 'flsw', base: 4 }, from: 1, over: { steps: 3 } },
  { type: 'scale', of: { type: 'entropy-matched' }, by: 0.5 },
];

function builtIn(
  plugin: { readonly provides?: readonly { readonly kind: string; readonly type: string }[] | undefined },
  kind: string,
): Strategy[] {
  return (plugin.provides ?? []).filter((one) => one.kind === kind).map(({ type }) => ({ type, ...options[`${kind} ${type}`] }));
}

/** What such a pair is answered with, where the two cannot work together. */
function refusal(weighting: string, loss: string): string | undefined {
  const ofBatch = ['correlation-congruence', 'crd', 'pkt', 'rkd', 'similarity-preserving'];
  const ofFeatures = ['fitnets', 'attention-transfer', 'channel-wise', ...ofBatch].includes(loss);
  const isPerSample = weighting.startsWith('teacher-') || weighting === 'token-focusing';
  if (isPerSample && ['dist', 'multi-level-logits', ...ofBatch].includes(loss)) return 'has weights per sample';
  return weighting === 'gradient-norm' && ofFeatures
    ? `asks for the gradient of losses.soft at the student's logits, but this loss does not depend on them`
    : undefined;
}

const cnn = { type: 'cnn', channels: [3], dense: [] } as const;
const named = (strategies: readonly Strategy[]) => strategies.map((one) => [one.type, one] as const);

describe.each(named(builtIn(losses, 'weighting')))('weighting %s', (_, weighting) => {
  test.each(named(builtIn(losses, 'loss')))('the compiled update with loss %s equals the eager one', async (type, loss) => {
    const optimizer = { type: 'sgd', learningRate: 0.05, momentum: 0.9 };
    const config = { losses: { hard: { type: 'cross-entropy' }, soft: loss }, weighting, optimizer } as Run;
    const refused = refusal(weighting.type, type);
    // Attention is over positions, which layers of an mlp do not have.
    const [run, data] = type === 'attention-transfer' ? [{ ...config, student: { model: cnn } } as Run, noise([6, 6], false)] : [config];
    if (refused === undefined) await compare(run, data);
    else await expect(compare(run, data)).rejects.toThrow(refused);
  });
});

describe.each(named(builtIn(optimizers, 'optimizer')))('optimizer %s', (_, optimizer) => {
  const learningRate = { type: 'cosine', from: 0.01, to: 0.001 };
  const config = (model: Strategy): Run => ({ student: { model }, optimizer: { ...optimizer, learningRate } }) as unknown as Run;

  test('the compiled update of an mlp equals the eager one', () => compare(config({ type: 'mlp', hidden: [7, 6], dropout: 0.3 })));
  test('the compiled update of a cnn equals the eager one', () =>
    compare(config({ type: 'cnn', channels: [3, 4], dense: [5] }), noise([8, 8], false)));
  test('the compiled update of a resnet equals the eager one', () =>
    compare(config({ type: 'resnet', widths: [3, 4] }), noise([8, 8, 2], false)));
  // A bias of the keys moves every score alike: its gradient is rounding alone, and adaptive optimizers follow that.
  test('the compiled update of a transformer equals the eager one', () =>
    compare(config({ type: 'transformer', layers: 2, width: 8, heads: 2, dropout: 0.2 }), noise([6], true), (weight) =>
      weight.includes('queries_keys_values/bias'),
    ));
});

describe('a loss with a state', () => {
  test.each([
    { type: 'taid', share: { type: 'linear', from: 0.2, to: 0.6 }, adaptive: { rate: 0.2, momentum: 0.5 } },
    { type: 'kl', temperature: { type: 'student-teacher-gap', from: 8, to: 1 } },
  ])('the compiled update with loss %j equals the eager one', (soft) =>
    compare({ losses: { hard: { type: 'cross-entropy' }, soft }, evaluateEvery: { steps: 2 } } as unknown as Run),
  );
});

describe('temperature', () => {
  test.each(temperatures.map((temperature) => [JSON.stringify(temperature), temperature] as const))(
    'the compiled update with temperature %s equals the eager one',
    async (_, temperature) => {
      await compare({ temperature, optimizer: { type: 'sgd', learningRate: 0.05 } } as unknown as Run);
    },
  );
});
