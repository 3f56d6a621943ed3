import type { Section } from '../section.js';
import { calibration } from './calibration.js';
import { config } from './config.js';
import { confusion } from './confusion.js';
import { cost } from './cost.js';
import { losses } from './losses.js';
import { metrics } from './metrics.js';
import { repeat } from './repeat.js';
import { result } from './result.js';
import { schedules } from './schedules.js';
import { seeds } from './seeds.js';

/** All sections of a report, in their order on the page. */
export const sections: readonly Section[] = [result, seeds, schedules, metrics, losses, calibration, confusion, cost, config, repeat];
