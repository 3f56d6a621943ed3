export {};
export { compiledEngine, type CompiledEngineOptions } from './compiled/engine.js';
export { node, type NodeOptions } from './plugin.js';
export { networkLoader } from './networks/network-loader.js';
export { saveNetwork } from './networks/save-network.js';
export { runStore, type RunStoreOptions } from './store/run-store.js';
