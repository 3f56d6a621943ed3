export * from './statistics/index.js';
export { builtInComparisons } from './built-in/index.js';
export { comparisonSchema, type Comparison, type ComparisonInput } from './comparison/comparison-schema.js';
export { judge, type JudgedVariant, type Judgement, type VariantResults } from './comparison/judge.js';
export { studentAlone, variantsOf, type Variant } from './comparison/variants.js';
export type { Executor, Job, Outcome } from './executor.js';
