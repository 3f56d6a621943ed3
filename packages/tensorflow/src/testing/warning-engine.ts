import { compiledEngine } from '../engine/engine.js';

export const warnings: string[] = [];
export const engine = compiledEngine({ onWarning: (message) => warnings.push(message) });
