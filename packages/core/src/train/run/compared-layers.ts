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
import type { Random } from '../../random.js';
import { progressAt, spreadSteps } from '../plan/length.js';
import type { ReadyStage } from '../plan/ready-stage.js';
import type { TrainedNetwork } from '../plan/trained-network.js';
import { learnedList, learnedVariables } from '../step/learned-variables.js';
import { tapShapes } from '../step/run-networks.js';
import { withPreparedRun } from './prepare-run.js';

/** Lists the pairs of layers that the losses of a run compare, after all checks before training. */
export const comparedLayers = (kit: Builder, container: Container, options: RunOptions): Promise<LayerPreview[]> =>
  withPreparedRun({ kit, container, options, warn: () => undefined }, ({ ready, sample }) => {
    const random = container.get(Tokens.Random);
    return [...ready].flatMap(([network, stages]) => stages.flatMap((stage) => pairsIn(stage, network, sample, random)));
  });

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
  const points = spreadSteps(length.steps, most).map((step): readonly [number, number] => [
    length.before + step,
    weight(progressAt(length, step)),
  ]);
  return points.every(([, value]) => value === points[0]?.[1]) ? points.slice(0, 1) : points;
}
