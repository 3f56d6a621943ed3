import * as tf from '@tensorflow/tfjs-core';
import type { Container } from 'inversify';
import type { Batch, DataSplits } from '../../contracts/data.js';
import type { Metric } from '../../contracts/metric.js';
import type { Network } from '../../contracts/network.js';
import type { RunOptions } from '../../contracts/run.js';
import type { Builder } from '../../kit/builder.js';
import type { RunConfig } from '../../kit/run-config.js';
import { Tokens } from '../../kit/tokens.js';
import { buildMetrics, rehearseMetrics } from '../../metrics/build-metrics.js';
import { sampleOf } from '../../networks/check-network.js';
import { planNetworks } from '../plan/plan-networks.js';
import { prepareStages } from '../plan/prepare-stages.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import { bindServices, resolveData } from '../plan/services.js';
import { steadySplits } from '../plan/steadiness.js';
import type { RunNetworks, TrainedNetwork } from '../plan/trained-network.js';

/** A run whose networks, stages and data have been checked. */
export interface PreparedRun {
  readonly kit: Builder;
  readonly container: Container;
  readonly config: RunConfig;
  readonly options: RunOptions;
  readonly splits: DataSplits;
  readonly sample: Batch;
  readonly metrics: readonly Metric[];
  readonly networks: RunNetworks;
  readonly ready: ReadonlyMap<TrainedNetwork, readonly ReadyStage[]>;
}

/** What is prepared for a run: its config in a container, its options, and who hears its warnings. */
interface Given {
  readonly kit: Builder;
  readonly container: Container;
  readonly options: RunOptions;
  readonly warn: (message: string) => void;
}

/**
 * Loads the data of a run, builds its networks, makes all checks before training, and then uses them. Afterwards every network that was
 * made is disposed, except for those that `keep` lists.
 */
export async function withPreparedRun<R>(
  { kit, container, options, warn }: Given,
  use: (run: PreparedRun) => R | Promise<R>,
  keep: (result: R) => readonly unknown[] = () => [],
): Promise<R> {
  bindServices(options, container);
  const config = container.get(Tokens.Config);
  const splits = await steadySplits(await resolveData(kit, container, config, options.data), warn);
  const metrics = buildMetrics(config, kit.build, container);
  rehearseMetrics(metrics, splits.train.classes);
  const sample = await sampleOf(splits.train);
  const made: Network[] = [];
  let kept: readonly unknown[] = [];
  try {
    const networks = await planNetworks({ kit, container, config, splits, sample, metrics }, options, made);
    const ready = new Map<TrainedNetwork, readonly ReadyStage[]>();
    for (const trained of networks.trained)
      ready.set(trained, await prepareStages({ kit, options, container, splits, metrics, warn }, trained));
    const result = await use({ kit, container, config, options, splits, sample, metrics, networks, ready });
    kept = keep(result);
    return result;
  } finally {
    for (const network of made) if (!kept.includes(network)) network.dispose();
    tf.dispose({ ...sample });
  }
}
