import type { Network } from '../../contracts/network.js';
import { formatPath } from '../../path.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import { trainedOf } from './frozen.js';
import type { Rehearsal } from './rehearse.js';
import type { StageServices } from '../step/strategies.js';

/**
 * Returns warnings about differences between micro-batches and their complete batch. Means over counted samples are combined exactly;
 * computations over several samples see only those of one micro-batch, and the user is warned.
 */
export function splitWarnings(
  { plan, services }: { readonly plan: StagePlan; readonly services: StageServices },
  network: Network,
  { ofBatch }: Rehearsal,
): string[] {
  const { accumulate, batchSize } = plan;
  if (accumulate === 1) return [];
  const { temperature, weighting, losses } = services;
  const across = Object.entries(losses).filter(([name, { acrossSamples }]) => acrossSamples ?? ofBatch.includes(name));
  const said = (path: string, what: string, instead: string): string =>
    `${path}: ${what}; with accumulate ${accumulate} it gets the ${batchSize} samples of one micro-batch at a time, so the update ` +
    `differs from that of a batch of ${accumulate * batchSize}. ${instead}, or a smaller accumulate.`;
  return [
    ...across.map(([name]) =>
      said(formatPath([...plan.paths.losses, name]), 'this loss compares samples of a batch', 'Use a larger batchSize'),
    ),
    ...(weighting.acrossSamples === true
      ? [said(formatPath(plan.paths.weighting), 'these weights depend on the losses of a whole batch', 'Use constant or scheduled weights')]
      : []),
    ...(temperature.acrossSamples === true
      ? [said(formatPath(plan.paths.temperature), 'this temperature depends on the other samples of a batch', 'Use a larger batchSize')]
      : []),
    ...movingWarning(network, plan),
  ];
}

/** Returns a warning about batch normalization, which uses the statistics of the micro-batch. */
function movingWarning(network: Network, plan: StagePlan): string[] {
  const { still } = trainedOf(network, plan);
  const { accumulate, batchSize } = plan;
  const moving = network.layers?.filter(({ path, moves }) => moves && !still.has(path)).map(({ path }) => path);
  // A network without a list of layers has moving averages where it has buffers.
  if (moving === undefined ? network.buffers.length === 0 : moving.length === 0) return [];
  const which =
    moving === undefined
      ? 'moving averages'
      : `batch normalization (${moving.length > 3 ? `${moving.slice(0, 3).join(', ')}, …` : moving.join(', ')})`;
  return [
    `${network.name}: has ${which}, whose statistics with accumulate ${accumulate} are those of each micro-batch of ` +
      `${batchSize} samples. Use a larger batchSize, freeze these layers (frozen), or use layer normalization.`,
  ];
}
