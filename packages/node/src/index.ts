// A program for Node imports the native engine from here too.
export * from '@temper/tensorflow';
export { exportSavedModel } from './networks/export-saved-model.js';
export { filesFrom, nodeFiles, observedFiles, type ReadProgress } from './files/node-files.js';
export { files, type FilesOptions } from './files/plugin.js';
export { node, type NodeOptions } from './plugin.js';
export { networkLoader, type LoaderOptions } from './networks/network-loader.js';
export { findStudent, loadStudent, type FoundStudent } from './networks/load-student.js';
export { saveNetwork } from './networks/save-network.js';
export { readRunConfig, type RunConfigFile } from './store/run-folder.js';
export { runStore, type RunFolder, type RunStoreOptions } from './store/run-store.js';
export { readBestCheckpoint, readLatestCheckpoint, type CheckpointCheck, type FoundCheckpoint } from './checkpoints/read-checkpoint.js';
export { checkpointStore } from './checkpoints/checkpoint-store.js';
export { wholeCheckpoints, type WholeCheckpoints } from './checkpoints/whole-checkpoints.js';
export { writeCheckpoint, type KeepOptions } from './checkpoints/write-checkpoint.js';
export { decodeSafetensors, encodeSafetensors } from './checkpoints/safetensors.js';
export { eventLines } from './reporters/event-lines.js';
export * from './reporters/index.js';
export { tensorBoard } from './reporters/tensor-board.js';
