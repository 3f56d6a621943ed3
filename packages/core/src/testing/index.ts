export { expectNoLeakedTensors } from './leaks.js';
