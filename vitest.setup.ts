import { restoreLegacyUtil } from './packages/tensorflow/src/backend/legacy-util.js';
import { askForOneDnn } from './packages/tensorflow/src/backend/one-dnn.js';

// Before a test loads tfjs-node itself: Node 23 and later lack what it calls.
restoreLegacyUtil();
// And it is loaded without oneDNN on many processors unless asked.
askForOneDnn();
