import { networks } from '#networks';

/**
 * Registers the layers that tfjs does not have, so that a saved `transformer` can be read. Without them, `tf.loadLayersModel`
 * throws `Unknown layer: TemperPositionEmbedding`. Call it once, before the first network is loaded.
 * @example
 * registerLayers();
 * const model = await tf.loadLayersModel('file://runs/first/student/model.json');
 */
export function registerLayers(): void {
  networks.registerClasses();
}
