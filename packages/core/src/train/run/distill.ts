import type { Container } from 'inversify';
import type { RunOptions, RunResult } from '../../contracts/run.js';
import type { Builder } from '../../kit/builder.js';
import { Tokens } from '../../kit/tokens.js';
import { resolvedConfig } from '../plan/resolved-config.js';
import { withPreparedRun } from './prepare-run.js';
import { trainNetworks } from './train-networks.js';

/** Runs a distillation: checks everything, trains the teachers if needed, then trains the student through its stages. */
export function distill(kit: Builder, container: Container, options: RunOptions, warnings: readonly string[] = []): Promise<RunResult> {
  const found = [...warnings];
  return withPreparedRun(
    { kit, container, options, warn: (message) => void found.push(message) },
    (run) => {
      const resolved = resolvedConfig(
        run.config,
        run.networks.student.stages.map(({ plan }) => plan),
      );
      return released(container, trainNetworks({ ...run, resolved, warnings: found }));
    },
    ({ student, teacher }) => [student, teacher],
  );
}

/** Releases the store of a run that fails: the process may live on, and another process may continue the run. */
async function released<T>(container: Container, running: Promise<T>): Promise<T> {
  try {
    return await running;
  } catch (error) {
    // The error of the run is more useful than an error from releasing the store.
    if (container.isBound(Tokens.RunStore))
      await container
        .get(Tokens.RunStore)
        .release?.()
        .catch(() => undefined);
    throw error;
  }
}
