import { Tokens, type Checkpoint, type HostArray, type Json, type RandomStream, type RunOptions, type RunStore } from '@temper/core';
import { loadBackend } from '@temper/node';
import { changedValue } from '../change-value.js';
import { jsonText, oddNumbers, oneOf } from '../odd-values.js';
import type { Target } from '../target.js';
import { tinyData, tinyKit, tinyRun } from '../tiny.js';

/** The contents of a run's store. */
interface Left {
  readonly config: Json;
  readonly checkpoints: readonly Checkpoint[];
  readonly done: ReadonlyMap<string, Checkpoint>;
}

/** Contents of checkpoints with valid sums: positions, states of strategies, arrays. A run resumes from them. */
export const checkpoints: Target = {
  name: 'checkpoints',
  what: 'states of checkpoints',
  // The error of a strategy about a foreign state is quoted with its name.
  quotes: true,
  // TensorFlow.js never frees the name of a weight, and each run makes 17 of them.
  stays: 2000,
  async start() {
    await loadBackend('cpu');
    const kit = tinyKit();
    const left = await leftOf(async (store) => {
      const { student, teacher } = await kit.run(tinyRun as never, { data: tinyData(), services: bound(store) });
      student.dispose();
      teacher?.dispose();
    });
    const states = left.checkpoints.map(({ state }) => state);
    return {
      attempt(random) {
        const given = changed(oneOf(left.checkpoints, random), states, random);
        const done = random.integer(4) > 0 ? left.done : new Map([...left.done].map(([name, one]) => [name, changed(one, states, random)]));
        const run = async (): Promise<void> => {
          const store = storeOf({ config: left.config, checkpoints: [given], done });
          const options = { data: tinyData(), resume: true, signal: AbortSignal.timeout(400), services: bound(store) };
          const { student, teacher } = await kit.run(tinyRun as never, options);
          student.dispose();
          teacher?.dispose();
        };
        return {
          given: { state: given.state, arrays: shapes(given), done: [...done].map(([name, one]) => [name, one.state, shapes(one)]) },
          run,
        };
      },
    };
  },
};

const bound =
  (store: RunStore): NonNullable<RunOptions['services']> =>
  (container) =>
    void container.bind(Tokens.RunStore).toConstantValue(store);

const shapes = ({ arrays }: Checkpoint): unknown => Object.entries(arrays).map(([name, { dtype, shape }]) => [name, dtype, shape]);

/** Returns a checkpoint with another state, or with arrays of other names, shapes, types or values. */
function changed({ state, arrays }: Checkpoint, states: readonly Json[], random: RandomStream): Checkpoint {
  if (random.integer(3) > 0) return { arrays, state: throughText(changedValue(state, random, { donors: states })) };
  const entries = Object.entries(arrays);
  const at = random.integer(entries.length);
  const [name, array] = entries[at] as [string, HostArray];
  const others: readonly (() => readonly [string, HostArray][])[] = [
    () => [],
    () => [[`${name}x`, array]],
    () => [[name, oneOf(entries, random)[1]]],
    () => [[name, { dtype: 'int32', shape: array.shape, data: Int32Array.from(array.data) }]],
    () => [[name, { ...array, shape: [...array.shape, 1] }]],
    () => [[name, { dtype: 'float32', shape: [0], data: new Float32Array(0) }]],
    () => [[name, { ...array, data: Float32Array.from(array.data, () => oneOf(oddNumbers, random)) }]],
    () => [
      [name, array],
      ['__proto__', array],
    ],
  ];
  return { state, arrays: Object.fromEntries([...entries.slice(0, at), ...oneOf(others, random)(), ...entries.slice(at + 1)]) };
}

/** Returns a value as a file would hold it. */
const throughText = (value: unknown): Json => JSON.parse(jsonText(value)) as Json;

async function leftOf(run: (store: RunStore) => Promise<void>): Promise<Left> {
  const written: Checkpoint[] = [];
  const done = new Map<string, Checkpoint>();
  let config: Json = null;
  const store = storeOf({ config, checkpoints: written, done });
  await run({
    ...store,
    open: (given) => Promise.resolve(void (config = structuredClone(given))),
    checkpoints: {
      ...(store.checkpoints as NonNullable<RunStore['checkpoints']>),
      write: (checkpoint) => Promise.resolve(written.push(structuredClone(checkpoint))).then(() => ({ location: 'memory' })),
      put: (name, checkpoint) => Promise.resolve(void done.set(name, structuredClone(checkpoint))),
    },
  });
  return { config, checkpoints: written, done };
}

/** Creates a store in memory; it returns its initial contents and discards writes. */
function storeOf({ config, checkpoints: [newest], done }: Left): RunStore {
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    location: 'memory',
    records: 1000,
    open: nothing,
    reopen: () => Promise.resolve({ config, finished: false }),
    rewind: nothing,
    append: nothing,
    saveNetwork: nothing,
    finish: nothing,
    checkpoints: {
      write: () => Promise.resolve({ location: 'memory' }),
      latest: () => Promise.resolve(newest),
      put: nothing,
      get: (name) => Promise.resolve(done.get(name)),
    },
  };
}
