import * as tf from '@tensorflow/tfjs-core';
import type { Container } from 'inversify';
import type { Batch } from '../../contracts/data.js';
import type { LayerPreview } from '../../contracts/layer-preview.js';
import type { LayerPair } from '../../contracts/loss.js';
import type { Network } from '../../contracts/network.js';
import type { RunOptions } from '../../contracts/run.js';
import type { Variables } from '../../contracts/schedule.js';
import type { Builder } from '../../kit/builder.js';
import { Tokens } from '../../kit/tokens.js';
import { buildMetrics } from '../../metrics/build-metrics.js';
import { sampleOf } from '../../networks/check-network.js';
import type { Random } from '../../random.js';
import { progressAt } from '../plan/length.js';
import { planNetworks } from '../plan/plan-networks.js';
import { prepareStages } from '../plan/prepare-stages.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import { bindServices, resolveData } from '../plan/services.js';
import type { TrainedNetwork } from '../plan/trained-network.js';
import { learnedList, learnedVariables } from '../step/learned-variables.js';
import { tapShapes } from '../step/run-networks.js';

/** Lists the pairs of layers that the losses of a run compare, after all checks before training. */
export async function layersOf(kit: Builder, container: Container, options: RunOptions): Promise<LayerPreview[]> {
  bindServices(options, container);
  const config = container.get(Tokens.Config);
  const splits = await resolveData(kit, container, config, options.data);
  const metrics = buildMetrics(config, kit.build, container);
  const sample = await sampleOf(splits.train);
  const made: Network[] = [];
  try {
    const { trained } = await planNetworks({ kit, container, config, splits, sample, metrics }, options, made);
    const random = container.get(Tokens.Random);
    const found: LayerPreview[] = [];
    for (const one of trained) {
      const stages = await prepareStages({ kit, options, container, splits, metrics, warn: () => undefined }, one);
      for (const stage of stages) found.push(...pairsIn(stage, one, sample, random));
    }
    return found;
  } finally {
    tf.dispose({ ...sample });
    for (const network of made) network.dispose();
  }
}

function pairsIn(stage: ReadyStage, { name, network }: TrainedNetwork, sample: Batch, random: Random): LayerPreview[] {
  const { services, plan, teacher: given, data } = stage;
  const teacher = given?.kind === 'network' ? given.network : undefined;
  const learned = learnedVariables({ services, plan, student: network, teacher, sample, classes: data.classes, random });
  try {
    return Object.entries(services.losses).flatMap(([loss, { pairs = [] }]) =>
      pairs.map(
        (pair): LayerPreview => ({
          network: name,
          stage: plan.name,
          loss,
          student: layerOf(network, sample, pair.student),
          teacher: layerOf(teacher, sample, pair.teacher),
          projector: sizeOf(learned.losses[loss] ?? {}, pair),
          weight: weightOf(stage, pair),
        }),
      ),
    );
  } finally {
    tf.dispose(learnedList(learned));
  }
}

const layerOf = (network: Network | undefined, sample: Batch, name: string): LayerPreview['student'] => ({
  name,
  shape: tapShapes(network, sample, [name])[name] ?? [],
});

const sizeOf = (variables: Variables, { variables: names = [] }: LayerPair): number =>
  names.reduce((sum, name) => sum + (variables[name]?.size ?? 0), 0);

/** The largest number of points of a weight. */
const most = 201;

function weightOf({ length }: ReadyStage, { weight = () => 1 }: LayerPair): LayerPreview['weight'] {
  const count = Math.min(length.steps, most);
  const points = Array.from({ length: count }, (_, i): readonly [number, number] => {
    const step = count === 1 ? 0 : Math.round((i / (count - 1)) * (length.steps - 1));
    return [length.before + step, weight(progressAt(length, step))];
  });
  return points.every(([, value]) => value === points[0]?.[1]) ? points.slice(0, 1) : points;
}
