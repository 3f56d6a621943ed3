// Valid configs of every strategy, from which changed ones are made. A test checks that none is missing.

const from = { type: 'linear', from: 20, to: 1 } as const;

export const schedules: readonly unknown[] = [
  4,
  { type: 'constant', value: 4 },
  { type: 'cosine', from: 20, to: 1 },
  { type: 'cyclic', from: 8, to: 2, shape: 'restarts', cycles: 3, decay: 0.9, growth: 2 },
  { type: 'cyclic', from: 8, to: 2, cycle: { steps: 10 } },
  { type: 'exponential', from: 20, to: 1 },
  { type: 'inverse', from: 20, to: 1, power: 0.5 },
  from,
  { type: 'one-cycle', from: 2, peak: 10, to: 1, rise: 0.3, shape: 'linear' },
  {
    type: 'piecewise',
    points: [
      { at: 0, value: 20 },
      { at: 0.5, value: 4 },
      { at: 1, value: 1 },
    ],
    unit: 'fraction',
    between: 'monotone',
  },
  {
    type: 'piecewise',
    points: [
      { at: 0, value: 20 },
      { at: 30, value: 4 },
    ],
    unit: 'steps',
    between: 'hold',
  },
  { type: 'polynomial', from: 20, to: 1, power: 3 },
  { type: 'sigmoid', from: 20, to: 1, center: 0.4, steepness: 8 },
  { type: 'step', from: 20, factor: 0.5, every: { epochs: 1 } },
  { type: 'step', from: 20, factor: 0.5, at: [{ steps: 5 }, { fraction: 0.5 }] },
  { type: 'warm-up-hold-decay', from: 1, peak: 9, to: 2, warmUp: { steps: 3 }, hold: { fraction: 0.2 }, decay: 'linear' },
  { type: 'clamp', of: from, min: 2, max: 10 },
  { type: 'global', of: from },
  { type: 'sequence', of: [{ type: 'hold', value: 8 }, from, 2], lengths: [{ epochs: 1 }, { fraction: 0.3 }] },
  { type: 'jitter', of: from, amount: 0.1, seed: 3 },
  { type: 'max', of: [from, 2] },
  { type: 'min', of: [from, 9] },
  { type: 'offset', of: from, by: 1 },
  { type: 'product', of: [from, { type: 'cosine', from: 1, to: 0.5 }] },
  { type: 'quantise', of: from, levels: 5 },
  { type: 'quantise', of: from, every: { steps: 7 } },
  { type: 'repeat', of: from, times: 3 },
  { type: 'reverse', of: from },
  { type: 'scale', of: from, by: 0.5 },
  { type: 'sum', of: [from, 1] },
  { type: 'warm-up', of: from, from: 1, over: { epochs: 1 } },
];

export const temperatures: readonly unknown[] = [
  ...schedules,
  { type: 'sides', student: from, teacher: 2 },
  { type: 'ats', target: from, other: 4, student: 2 },
  {
    type: 'asymmetric-per-sample',
    pairs: [
      { target: 2, other: 4 },
      { target: 4, other: 8 },
    ],
  },
  { type: 'confidence-matched', target: 0.5, min: 0.1, max: 100 },
  { type: 'ctkd-per-sample', min: 1, max: 11, hidden: 8, theta: 1, strength: { type: 'cosine', from: 0, to: 1 } },
  { type: 'ctkd-per-class', min: 1, max: 11, theta: 1, strength: 0.5 },
  { type: 'ctkd', min: 1, max: 11, theta: 1, strength: 0.5 },
  { type: 'cwsm', base: from, beta: 1 },
  { type: 'dtkd', base: 4 },
  { type: 'dts', from: 8, min: 1, max: 12, momentum: 0.9, rule: 'code' },
  { type: 'entropy-matched', student: 2 },
  { type: 'flsw', base: 4, beta: 1, gamma: 0.5 },
  { type: 'inverse-difficulty', base: from, scale: 0.5, min: 1, max: 10 },
  { type: 'largest-logit', factor: 0.5, from: 'mean', min: 1, max: 10 },
  { type: 'logit-standardization', base: from },
  { type: 'plateau', from: 8, factor: 0.5, patience: 2, metric: 'validation.accuracy', mode: 'max', cooldown: 1, min: 1 },
  { type: 'student-teacher-gap', from: 8, to: 1, momentum: 0.5 },
  { type: 'target-entropy', target: { type: 'linear', from: 0.8, to: 0.4 }, from: 4, gain: 1 },
];

export const losses: readonly unknown[] = [
  { type: 'cross-entropy', labelSmoothing: 0.1 },
  { type: 'kl', direction: 'reverse', scale: 'initial', temperature: from },
  { type: 'soft-cross-entropy', scale: 'none' },
  { type: 'generalized-jsd', beta: 0.3 },
  { type: 'mse' },
  { type: 'mae' },
  { type: 'cosine' },
  { type: 'annealing-kd', maxTemperature: 10 },
  { type: 'dkd', alpha: 1, beta: 4, warmup: { type: 'linear', from: 0, to: 1 } },
  { type: 'dist', beta: 1, gamma: 2 },
  { type: 'ttm' },
  { type: 'wttm', temperature: 3 },
  { type: 'wsl', alpha: 2, hardWeight: 1 },
  { type: 'logit-standardization', of: { type: 'dkd' } },
  { type: 'adaptive-kl', threshold: 0.5, scale: 'none' },
  { type: 'skew-kl', direction: 'reverse', skew: 0.1 },
  { type: 'taid', share: { type: 'linear', from: 0.4, to: 1 }, adaptive: { rate: 0.1, momentum: 0.9, end: 1 } },
  { type: 'kl', temperature: { type: 'dts', from: 4 } },
  { type: 'todi', temperature: 2 },
  { type: 'channel-wise', student: 'conv_1', teacher: 'conv_1', temperature: from },
  { type: 'top-k-kl', k: 2, rest: 'bucket' },
  { type: 'consistency', threshold: 0.2 },
  { type: 'fitnets', student: 'hidden_1', teacher: 'hidden_1' },
  { type: 'fitnets', layers: [['hidden_1', 'hidden_1']], weights: [from] },
  { type: 'attention-transfer', student: 'conv_1', teacher: 'conv_1' },
  { type: 'attention-transfer', layers: { last: 1 }, weights: [0] },
  { type: 'channel-wise', layers: { every: 2 } },
  { type: 'multi-level-logits', temperatures: [from, 4], batch: 0.5 },
  { type: 'rkd', distance: 25, angle: 50 },
  { type: 'similarity-preserving', layers: 'depth' },
  { type: 'pkt', layers: 'penultimate', weights: [from] },
  { type: 'correlation-congruence' },
  { type: 'crd', dimension: 8, temperature: 0.1, negatives: 'other-samples' },
];

export const weightings: readonly unknown[] = [
  { soft: 0.7, hard: 0.3 },
  { type: 'alpha', soft: { type: 'cosine', from: 0.9, to: 0.1 } },
  { type: 'constant', weights: { soft: 0.5, hard: 0.5 } },
  { type: 'linear', from: { soft: 1, hard: 0 }, to: { soft: 0, hard: 1 } },
  { type: 'uncertainty', form: 'half', initial: -0.5 },
  { type: 'uw-so', temperature: 2, softmax: true },
  { type: 'dwa', temperature: 2 },
  { type: 'loss-ratio', form: 'equal-contribution' },
  { type: 'loss-ratio', form: 'relative-to-initial' },
  { type: 'gradient-norm', shares: { soft: 0.5, hard: 0.5 }, limit: 5 },
  { type: 'teacher-confidence', soft: 0.7, measure: 'label' },
  { type: 'token-focusing', soft: 0.7, decay: 0.9, tolerance: 0.1, step: 0.1, least: 0.2, warmUp: 0.1 },
  { type: 'teacher-correctness', soft: 0.7, wrong: 0.1 },
];

export const optimizers: readonly unknown[] = [
  { type: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 1e-4 },
  { type: 'adam', learningRate: { type: 'cosine', from: 1e-3, to: 0 }, beta1: 0.9, beta2: 0.99, epsilon: 1e-7 },
  { type: 'adamw', learningRate: 1e-3, weightDecay: 0.01, decay: 'kernels' },
  { type: 'dot', learningRate: 0.1, momentum: 0.9, delta: 0.05, task: ['hard'] },
];

export const models: readonly unknown[] = [
  { type: 'mlp', hidden: [8, 4], activation: 'tanh', dropout: 0.1 },
  { type: 'cnn', channels: [4], kernel: 3, dense: [8] },
  { type: 'resnet', widths: [4, 8], blocks: 1 },
  { type: 'transformer', vocabulary: 5, layers: 1, width: 8, heads: 2, feedForward: 16 },
];

export const dataSets: readonly unknown[] = [
  { type: 'digits', seed: 1, train: 60, validation: 20, test: 20, difficulty: 1, mislabelled: 0.1 },
  { type: 'idx', folder: 'mnist', classes: 10, validation: 0.1, limit: 100 },
  { type: 'csv', path: 'iris.csv', label: 'species', inputs: ['a', 1], header: true, separator: ';', inputShape: [2, 1], scale: 0.1 },
  { type: 'text', path: 'text.txt', length: 8, validation: 0.1, test: 0.1 },
];

export const metrics: readonly unknown[] = [
  ...['accuracy', 'nll', 'brier', 'ece', 'agreement', 'kl'].map((type) => ({ type })),
  { type: 'top-k', k: 2 },
];

export const reporters: readonly unknown[] = [
  { type: 'jsonl', file: 'events.jsonl' },
  { type: 'tensorboard', folder: 'board' },
  { type: 'console-json' },
  { type: 'terminal' },
];

export const recipes: readonly unknown[] = [
  { type: 'classic', temperature: 4, soft: 0.7, epochs: 2 },
  { type: 'seed', from: 20, to: 1, soft: 0.7, epochs: 2 },
  { type: 'annealing-kd', maxTemperature: 10, epochs: 3, fineTune: 1 },
  { type: 'dkd-warm-up', alpha: 1, beta: 8, temperature: 4, warmUp: 1, epochs: 3 },
  { type: 'teacher-assistant', teacher: { model: models[0], train: { epochs: 1 } }, assistants: [models[0]], epochs: 2 },
  { type: 'born-again', model: models[0], generations: 2, epochs: 1 },
  { type: 'route-constrained', model: models[0], anchors: [1, 2], epochsEach: 1 },
  { type: 'multi-teacher', teachers: [{ model: models[0], name: 'one' }, { from: 'two' }], combine: 'confidence', epochs: 2 },
  { type: 'fitnets', layers: { last: 1 }, hintEpochs: 1, temperature: 4, soft: 0.7, epochs: 2 },
  { type: 'attention-transfer', layers: [['conv_1', 'conv_1']], weight: 100, epochs: 2 },
  { type: 'rkd', distance: 25, angle: 50, epochs: 2 },
  { type: 'similarity-preserving', layers: 'depth', weight: 100, epochs: 2 },
  { type: 'pkt', weight: 100, epochs: 2 },
  { type: 'crd', weight: 0.8, dimension: 8, temperature: 0.1, epochs: 2 },
  { type: 'multi-level-logits', temperatures: [2, 4], weight: 0.5, epochs: 2 },
];
