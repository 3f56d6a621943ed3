import type { Json } from '../../json.js';
import type { RunConfig } from '../../kit/run-config.js';
import { stageConfig, type StagePlan } from '../../kit/stage-plan.js';

/** Returns the config with all defaults and inherited settings written out. It can be run again. */
export function resolvedConfig(config: RunConfig, plans: readonly StagePlan[]): Json {
  const { temperature: _t, weighting: _w, losses: _l, optimizer: _o, epochs: _e, stages: _s, ...run } = config;
  return { ...run, stages: plans.map(stageConfig) } as unknown as Json;
}
