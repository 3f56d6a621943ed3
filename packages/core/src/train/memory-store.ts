// Stores in memory, and runs that are stopped in the middle, for the tests of the loop; not part of the package's API.
import type { Container } from 'inversify';
import type { Checkpoint, CheckpointStore } from '../contracts/checkpoint.js';
import type { RunStore } from '../contracts/events.js';
import { TemperError } from '../errors.js';
import type { Json } from '../json.js';
import { Tokens } from '../kit/tokens.js';
import { run } from './fixture-run.js';

/** A store in memory that behaves like one on a disk: what is written is text and bytes, not references. */
export function memoryStore(): RunStore & { readonly written: Checkpoint[]; readonly lines: Json[] } {
  const written: Checkpoint[] = [];
  const parts = new Map<string, Checkpoint>();
  const lines: Json[] = [];
  let config: Json = null;
  let finished = false;
  const copy = (checkpoint: Checkpoint): Checkpoint => structuredClone(checkpoint);
  const checkpoints: CheckpointStore = {
    write: async (checkpoint) => {
      written.push(copy(checkpoint));
      await new Promise((resolve) => setTimeout(resolve, 2));
      return { location: `memory ${written.length}` };
    },
    latest: async () => (written.length === 0 ? undefined : copy(written[written.length - 1] as Checkpoint)),
    put: async (name, checkpoint) => void parts.set(name, copy(checkpoint)),
    get: async (name) => parts.get(name),
  };
  return {
    written,
    lines,
    location: 'memory',
    checkpoints,
    get records() {
      return lines.length;
    },
    open: async (given) => void (config = JSON.parse(JSON.stringify(given)) as Json),
    reopen: async () => ({ config, finished }),
    rewind: async (given, records) => {
      config = given;
      lines.length = records;
    },
    append: async (record) => void lines.push(record),
    saveNetwork: async () => undefined,
    finish: async () => void (finished = true),
  };
}

/** Options by which a run is kept in this store. */
export const withStore = (store: RunStore) => ({ services: (container: Container) => void container.bind(Tokens.RunStore).toConstantValue(store) });

/** Options by which a run stops after so many updates, those of the teacher counted too. */
export function stoppingAfter(updates: number, store: RunStore) {
  const controller = new AbortController();
  let seen = 0;
  const services = (container: Container): void => {
    withStore(store).services(container);
    const engine = container.get(Tokens.Engine);
    container.rebind(Tokens.Engine).toConstantValue({
      ...engine,
      prepare(step, options) {
        const prepared = engine.prepare(step, options);
        return { ...prepared, run: (batch, scalars) => (++seen >= updates && controller.abort(), prepared.run(batch, scalars)) };
      },
    });
  };
  return { services, signal: controller.signal };
}

/** Whether a run comes to its end before it is stopped after so many updates. */
export async function stopAfter(changes: object, store: RunStore, updates: number, resume: boolean): Promise<boolean> {
  try {
    await run(changes, { ...stoppingAfter(updates, store), resume });
    return true;
  } catch (error) {
    if (!(error instanceof TemperError) || error.code !== 'run/stopped') throw error;
    return false;
  }
}
