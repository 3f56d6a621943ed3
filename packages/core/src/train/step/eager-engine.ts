import { tf } from '#libraries';
import type { Engine } from '../../contracts/engine.js';

/** Runs the operations of a step one by one, on any backend. */
export const eagerEngine: Engine = {
  name: 'eager',
  prepare(step) {
    return {
      run(batch, scalars) {
        return tf.tidy(() => {
          const named = Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)]));
          return step.body({ ...batch, ...named });
        });
      },
      dispose: () => undefined,
    };
  },
};
