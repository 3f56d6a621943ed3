import { fuzzTest } from './fuzz-test.js';
import { configs } from './targets/configs.js';

fuzzTest(configs);
