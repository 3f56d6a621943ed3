import { restoreLegacyUtil } from './packages/node/src/backend/legacy-util.js';

// Before a test loads tfjs-node itself: Node 23 and later lack what it calls.
restoreLegacyUtil();
