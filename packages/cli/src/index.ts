export { defineDistillation, type DistillationConfig } from './define.js';
