import { registerClasses } from '../layers/register-classes.js';
import { cnn } from './cnn.js';
import { mlp } from './mlp.js';
import { resnet } from './resnet.js';
import { transformer } from './transformer.js';

// What needs tfjs-layers. In Node `#networks` means `lazy.cts`, which loads it with the first network.
export const networks = { cnn, mlp, registerClasses, resnet, transformer };
