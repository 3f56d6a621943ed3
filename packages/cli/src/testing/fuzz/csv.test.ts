import { fuzzTest } from './fuzz-test.js';
import { csv } from './targets/csv.js';

fuzzTest(csv);
