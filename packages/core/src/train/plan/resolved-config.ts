import type { Json } from '../../json.js';
import type { RunConfig, StageConfig } from '../../kit/run-config.js';
import type { StagePlan } from '../../kit/stage-plan.js';

/** The config with nothing left to defaults: every stage says all it uses. It can be run again as it is. */
export function resolvedConfig(config: RunConfig, plans: readonly StagePlan[]): Json {
  const { temperature: _t, weighting: _w, losses: _l, optimizer: _o, epochs: _e, stages: _s, ...run } = config;
  return { ...run, stages: plans.map(stageConfig) } as unknown as Json;
}

function stageConfig(plan: StagePlan): StageConfig {
  return {
    name: plan.name,
    ...plan.length,
    ...(plan.until === undefined ? {} : { until: plan.until }),
    temperature: plan.temperature.config,
    weighting: plan.weighting.config,
    losses: plan.losses.config,
    optimizer: plan.optimizer.config,
    batchSize: plan.batchSize,
    accumulate: plan.accumulate,
    evaluateEvery: plan.evaluateEvery,
    ...(plan.teacher === undefined ? {} : { teacher: plan.teacher.config }),
    ...(plan.data === undefined ? {} : { data: plan.data.config }),
    ...(plan.frozen.length === 0 ? {} : { frozen: plan.frozen }),
    ...(plan.optimizerState === undefined ? {} : { optimizerState: plan.optimizerState }),
  };
}
