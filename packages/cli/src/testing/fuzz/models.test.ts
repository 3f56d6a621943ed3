import { fuzzTest } from './fuzz-test.js';
import { models } from './targets/models.js';

fuzzTest(models);
