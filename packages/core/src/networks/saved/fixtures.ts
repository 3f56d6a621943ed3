import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';

export interface Layer {
  class_name: string;
  name?: string;
  config: Record<string, unknown>;
  inbound_nodes?: unknown;
}

export interface Saved extends tf.io.ModelArtifacts {
  modelTopology: { class_name: string; config: { name: string; layers: Layer[]; input_layers: unknown; output_layers: unknown } };
}

/** A network as it is saved; it is disposed. */
export async function saved(network: LayersModel): Promise<Saved> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await network.save(
    tf.io.withSaveHandler(async (given) => ((artifacts = given), { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(given) })),
  );
  network.dispose();
  return { ...artifacts, modelTopology: structuredClone((artifacts as Saved).modelTopology) };
}

/** x → a → b, and a + b. */
export function branched(): LayersModel {
  const x = input({ shape: [2], name: 'x' });
  const a = layers.dense({ units: 3, name: 'a' }).apply(x) as SymbolicTensor;
  const b = layers.dense({ units: 3, name: 'b' }).apply(a) as SymbolicTensor;
  return model({ inputs: x, outputs: layers.add({ name: 'sum' }).apply([a, b]) as SymbolicTensor });
}

export const named = ({ modelTopology }: Saved, name: string): Layer =>
  modelTopology.config.layers.find((one) => one.name === name) as Layer;
