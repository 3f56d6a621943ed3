import { dataSets, losses, metrics, models, optimizers, recipes, reporters, schedules, temperatures, weightings } from './valid-configs.js';

/** Returns the strategy of a list for a growing number: each occurs as often as the others. */
const at = (list: readonly unknown[], i: number): unknown => list[i % list.length];

const teachers: readonly unknown[] = [
  { model: models[0], train: { epochs: 2, keep: 'last', snapshots: [1] } },
  { from: 'runs/first/teacher' },
  { ensemble: [{ model: models[0] }, { from: 'x' }], combine: 'mean' },
  { distilled: { teacher: { model: models[0], train: { epochs: 1 } }, student: { model: models[1] }, epochs: 1 } },
];

/** Runs of one stage that use every strategy. */
const ofOneStage = temperatures.map((temperature, i) => ({
  name: 'first',
  seed: i,
  data: at(dataSets, i),
  teacher: at(teachers, i),
  student: { model: at(models, i) },
  temperature,
  losses: { hard: { type: 'cross-entropy' }, soft: at(losses, i) },
  weighting: at(weightings, i),
  optimizer: at(optimizers, i),
  batchSize: 16,
  epochs: 3,
  clipNorm: 1,
  ema: 0.99,
  keep: 'best',
  evaluateEvery: { epochs: 1 },
  earlyStopping: { metric: 'nll', patience: 2, minDelta: 0.01, mode: 'min', finishSchedule: { epochs: 1 } },
  checkpoints: { every: { steps: 20 }, keep: 2 },
  metrics: [...metrics.slice(0, 2), ...metrics.slice(2 + (i % 3))],
  reporters: [at(reporters, i)],
  deterministic: true,
}));

/** Runs of several stages, nested and repeated. */
const ofStages = schedules.map((learningRate, i) => ({
  data: at(dataSets, i),
  teacher: { model: at(models, i), train: { stages: [{ epochs: 1 }, { steps: 3, optimizer: at(optimizers, i) }], snapshots: [1] } },
  student: { from: 'runs/first' },
  accumulate: 2,
  stages: [
    {
      name: 'broad',
      repeat: 3,
      stages: [
        { name: 'inner', steps: 7, temperature: at(temperatures, i + 7), frozen: ['hidden_*', '!logits'], optimizerState: 'reset' },
        { epochs: 1, weighting: at(weightings, i), losses: { soft: at(losses, i + 5) }, batchSize: 8, accumulate: 1 },
      ],
    },
    {
      name: 'focus',
      epochs: 2,
      until: { metric: 'accuracy', above: 0.9 },
      teacher: { snapshot: 1 },
      optimizer: { type: 'sgd', learningRate },
    },
    { epochs: 1, data: at(dataSets, i + 1), evaluateEvery: { steps: 5 } },
  ],
}));

const ofRecipes = recipes.map((recipe, i) => ({ recipe, data: at(dataSets, i), student: { model: at(models, i) }, seed: 3 }));

/** Valid configs of runs, over all parts of the grammar. */
export const validRuns: readonly Readonly<Record<string, unknown>>[] = [...ofOneStage, ...ofStages, ...ofRecipes];
