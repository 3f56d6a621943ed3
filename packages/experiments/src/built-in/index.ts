import type { ComparisonInput } from '../comparison/comparison-schema.js';
import { scheduleVsConstant } from './schedule-vs-constant.js';

/** Comparisons that need only a config, by name. */
export const builtInComparisons: Readonly<Record<string, ComparisonInput>> = { 'schedule-vs-constant': scheduleVsConstant };
