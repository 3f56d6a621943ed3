import { networks } from '#networks';

/**
 * Tells tfjs the layers that it does not have itself, so that a saved `transformer` can be read. Without them, `tf.loadLayersModel`
 * throws `Unknown layer: TemperPositionEmbedding`. Call it once, before the first network is loaded.
 * @example
 * registerLayers();
 * const model = await tf.loadLayersModel('file://runs/first/student/model.json');
 */
export function registerLayers(): void {
  networks.registerClasses();
}
