import { fuzzTest } from './fuzz-test.js';
import { settings } from './targets/settings.js';

fuzzTest(settings);
