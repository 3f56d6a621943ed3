import { fuzzTest } from './fuzz-test.js';
import { checkpoints } from './targets/checkpoints.js';

// Each change trains a teacher and a student to their ends.
fuzzTest(checkpoints, [2000, 250]);
