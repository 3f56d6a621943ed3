import type { Metric } from '../contracts/metric.js';
import { definePlugin } from '../kit/define.js';
import { accuracy } from './accuracy.js';
import { agreement } from './agreement.js';
import { brier } from './brier.js';
import { ece } from './ece.js';
import { teacherKl } from './kl.js';
import { nll } from './nll.js';
import { topK } from './top-k.js';

/** Every metric of Temper; every kit includes them. */
export const metrics = definePlugin({ name: 'metrics', provides: [accuracy, topK, nll, brier, ece, agreement, teacherKl] });

/** Returns the metrics of an evaluation whose config names none. */
export const defaultMetrics = (): readonly Metric[] => [accuracy(), nll(), brier(), ece(), agreement(), teacherKl()];
