import type { Json } from '../../json.js';
import type { RunConfig } from '../../kit/run-config.js';
import { stageConfig, type StagePlan } from '../../kit/stage-plan.js';

/** The config with nothing left to defaults: every stage says all it uses. It can be run again as it is. */
export function resolvedConfig(config: RunConfig, plans: readonly StagePlan[]): Json {
  const { temperature: _t, weighting: _w, losses: _l, optimizer: _o, epochs: _e, stages: _s, ...run } = config;
  return { ...run, stages: plans.map(stageConfig) } as unknown as Json;
}
