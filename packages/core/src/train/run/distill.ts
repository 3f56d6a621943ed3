import * as tf from '@tensorflow/tfjs-core';
import type { Container } from 'inversify';
import type { Network } from '../../contracts/network.js';
import type { RunOptions, RunResult } from '../../contracts/run.js';
import type { Builder } from '../../kit/builder.js';
import { Tokens } from '../../kit/tokens.js';
import { sampleOf } from '../../networks/check-network.js';
import { buildMetrics, rehearseMetrics } from '../../metrics/build-metrics.js';
import { planNetworks } from '../plan/plan-networks.js';
import { prepareStages } from '../plan/prepare-stages.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import { resolvedConfig } from '../plan/resolved-config.js';
import { bindServices, resolveData } from '../plan/services.js';
import { steadySplits } from '../plan/steadiness.js';
import type { TrainedNetwork } from '../plan/trained-network.js';
import { trainNetworks } from './train-networks.js';

/** Runs a distillation: checks everything, trains the teachers if needed, then trains the student through its stages. */
export async function distill(
  kit: Builder,
  container: Container,
  options: RunOptions,
  warnings: readonly string[] = [],
): Promise<RunResult> {
  bindServices(options, container);
  const config = container.get(Tokens.Config);
  const found = [...warnings];
  const warn = (message: string): void => void found.push(message);
  const splits = await steadySplits(await resolveData(kit, container, config, options.data), warn);
  const metrics = buildMetrics(config, kit.build, container);
  rehearseMetrics(metrics, splits.train.classes);
  const sample = await sampleOf(splits.train);
  const made: Network[] = [];
  try {
    const networks = await planNetworks({ kit, container, config, splits, sample, metrics }, options, made);
    const ready = new Map<TrainedNetwork, readonly ReadyStage[]>();
    for (const trained of networks.trained)
      ready.set(trained, await prepareStages({ kit, options, container, splits, metrics, warn }, trained));
    const resolved = resolvedConfig(
      config,
      networks.student.stages.map(({ plan }) => plan),
    );
    const result = await released(
      container,
      trainNetworks({ kit, container, config, resolved, options, warnings: found, splits, sample, metrics, networks, ready }),
    );
    const results: unknown[] = [result.student, result.teacher];
    for (const network of made) if (!results.includes(network)) network.dispose();
    return result;
  } catch (error) {
    for (const network of made) network.dispose();
    throw error;
  } finally {
    tf.dispose({ ...sample });
  }
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
