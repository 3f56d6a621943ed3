import { fuzzTest } from './fuzz-test.js';
import { idx } from './targets/idx.js';

fuzzTest(idx);
