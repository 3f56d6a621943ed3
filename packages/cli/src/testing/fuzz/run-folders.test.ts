import { fuzzTest } from './fuzz-test.js';
import { runFolders } from './targets/run-folders.js';

// Each change writes a folder of some thirty files and reads it four times.
fuzzTest(runFolders, [2000, 100]);
