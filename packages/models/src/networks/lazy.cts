// The form of `index.ts` for Node: a command that builds no network does not load tfjs-layers, see `#libraries` of the core.
declare const require: (name: string) => unknown;

type Networks = typeof import('./index.js', { with: { 'resolution-mode': 'import' }})['networks'];

const load = (): Networks => (require('./index.js') as { readonly networks: Networks }).networks;
const networks: Networks = {
  cnn: (options, shape) => load().cnn(options, shape),
  mlp: (options, shape) => load().mlp(options, shape),
  registerClasses: () => load().registerClasses(),
  resnet: (options, shape) => load().resnet(options, shape),
  transformer: (options, shape) => load().transformer(options, shape),
};

export = { networks };
