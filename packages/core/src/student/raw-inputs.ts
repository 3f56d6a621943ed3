import type { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The name of Temper's note in the metadata of a model.json (`userDefinedMetadata`), which tfjs keeps with the model. */
const name = 'temper';

/** Returns a saved model with a note that its first layers prepare raw inputs. */
export function noteRawInputs(artifacts: io.ModelArtifacts): io.ModelArtifacts {
  return { ...artifacts, userDefinedMetadata: { ...artifacts.userDefinedMetadata, [name]: { inputs: 'raw' } } };
}

/** Returns the saved model without that note. */
export function removeNote(artifacts: io.ModelArtifacts): io.ModelArtifacts {
  const { userDefinedMetadata, ...rest } = artifacts;
  const kept = Object.entries(userDefinedMetadata ?? {}).filter(([key]) => key !== name);
  return kept.length === 0 ? rest : { ...rest, userDefinedMetadata: Object.fromEntries(kept) };
}

/** Returns whether a model that was loaded by tfjs without Temper has layers in front that prepare raw inputs. */
export function takesRawInputs(model: LayersModel): boolean {
  const notes = model.getUserDefinedMetadata() as Readonly<Record<string, { readonly inputs?: unknown } | undefined>> | undefined;
  return notes?.[name]?.inputs === 'raw';
}
