import type { RunStore } from '../../contracts/events.js';
import type { Network } from '../../contracts/network.js';
import { TemperError } from '../../errors.js';
import type { StudentDescription } from '../../student/student-file.js';
import type { TrainedNetwork } from '../plan/trained-network.js';
import { areFinite } from '../step/finite-probe.js';

/**
 * Writes every network that a run has trained.
 * @throws TemperError `run/non-finite` if weights are not finite: such weights are never written.
 */
export async function saveNetworks(
  trained: readonly TrainedNetwork[],
  store: RunStore | undefined,
  describe: (network: Network) => StudentDescription,
): Promise<void> {
  for (const { name, network } of trained) {
    if (await areFinite([...network.parameters, ...network.buffers])) await store?.saveNetwork(name, network, describe(network));
    else throw new TemperError({ code: 'run/non-finite', message: `the weights of "${name}" are not finite; it is not saved` });
  }
}
