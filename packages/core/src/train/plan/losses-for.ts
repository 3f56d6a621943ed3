import type { Loss } from '../../contracts/loss.js';
import type { Network } from '../../contracts/network.js';
import { named, placed } from '../../kit/blame.js';
import type { StagePlan } from '../../kit/stage-plan.js';
import { noCommonTaps } from '../step/run-networks.js';
import type { Teacher } from './trained-network.js';

interface Place {
  readonly plan: StagePlan;
  readonly student: Network;
  readonly teacher: Teacher | undefined;
}

/**
 * Returns the losses of a stage for its networks: losses on intermediate outputs choose their layers.
 * @throws TemperError for layers that do not exist or do not fit, and for an ensemble, which has no intermediate outputs.
 */
export function lossesFor(losses: Readonly<Record<string, Loss>>, { plan, student, teacher }: Place): Readonly<Record<string, Loss>> {
  const chosen = ([name, loss]: readonly [string, Loss]): readonly [string, Loss] => {
    if (loss.forNetworks === undefined) return [name, loss];
    if (teacher?.kind === 'ensemble') throw noCommonTaps(plan, loss.taps?.teacher ?? [`losses.${name}`]);
    const networks = { student: student.outputs, teacher: teacher?.network.outputs };
    return [name, named(['losses', name], () => loss.forNetworks?.(networks) ?? loss)];
  };
  try {
    return Object.fromEntries(Object.entries(losses).map(chosen));
  } catch (error) {
    throw placed(error, plan);
  }
}
