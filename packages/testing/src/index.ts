export { checkLoss, type LossCheckOptions } from './check-loss.js';
export type { TapShapes } from './check-loss-cases.js';
export { checkOptimizer, type OptimizerCheckOptions } from './check-optimizer.js';
export { checkSchedule, type ScheduleCheckOptions } from './check-schedule.js';
export { checkWeighting, type WeightingCheckOptions } from './check-weighting.js';
export { expectNoLeakedTensors } from './leaks.js';
export { weightingInputs, type WeightingValues } from './weighting-inputs.js';
