import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as inversify from 'inversify';

// The libraries that take a while to load. In Node `#libraries` means `libraries-lazy.cts`, which loads each on first use.
export { inversify, tf, tfl };
