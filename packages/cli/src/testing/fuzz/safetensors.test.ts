import { fuzzTest } from './fuzz-test.js';
import { safetensors } from './targets/safetensors.js';

fuzzTest(safetensors);
