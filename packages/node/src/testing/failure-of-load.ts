import { failureOf } from './failure.js';
import { load } from './networks.js';

export const failureOfLoad = (path: string, runs?: string): Promise<unknown> => failureOf(load(path, runs));
