export { bootstrapInterval, tInterval, type Interval } from './interval.js';
export { compareInPairs, type PairedComparison } from './paired.js';
export { conclude, type Compared } from './conclusion.js';
export { holm } from './holm.js';
export { powerOf, seedsNeeded } from './power.js';
export { mean, standardDeviation } from './sample.js';
