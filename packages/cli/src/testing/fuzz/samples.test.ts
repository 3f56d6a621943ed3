import { fuzzTest } from './fuzz-test.js';
import { samples } from './targets/samples.js';

fuzzTest(samples);
