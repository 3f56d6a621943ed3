export { checkOptimizer, type OptimizerCheckOptions } from './check-optimizer.js';
export { checkWeighting, type WeightingCheckOptions } from './check-weighting.js';
export { expectNoLeakedTensors } from './leaks.js';
