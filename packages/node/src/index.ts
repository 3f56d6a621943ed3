export {};
export { compiledEngine, type CompiledEngineOptions } from './compiled/engine.js';
