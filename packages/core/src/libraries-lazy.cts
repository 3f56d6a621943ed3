// The form of `libraries.ts` for Node: a command that computes nothing loads neither TensorFlow.js, its layers nor the container.
// CommonJS is the one kind of module that loads others when it wants to and at once; bundlers understand it as well.
declare const require: (name: string) => unknown;

type TensorFlow = typeof import('@tensorflow/tfjs-core');
type Layers = typeof import('@tensorflow/tfjs-layers');
type Inversify = typeof import('inversify', { with: { 'resolution-mode': 'import' }});

/** A library that is loaded when its first member is asked for. */
function onFirstUse<T extends object>(load: () => T): T {
  let loaded: T | undefined;
  const library = (): T => (loaded ??= load());
  return new Proxy({} as T, {
    get: (_, name) => Reflect.get(library(), name) as unknown,
    has: (_, name) => Reflect.has(library(), name),
  });
}

const tf = onFirstUse(() => require('@tensorflow/tfjs-core') as TensorFlow);
const tfl = onFirstUse(() => require('@tensorflow/tfjs-layers') as Layers);
const inversify = onFirstUse(() => require('inversify') as Inversify);

export = { inversify, tf, tfl };
