import { fuzzTest } from './fuzz-test.js';
import { kitCalls } from './targets/kit-calls.js';

fuzzTest(kitCalls);
