import { createRequire } from 'node:module';
import { getBackend, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { TemperError, type Network } from '@temper/core';
import { shellCommand } from '@temper/tensorflow/system';

type TfjsNode = typeof import('@tensorflow/tfjs-node');

/** An input or output tensor of a signature. */
interface Described {
  readonly dtype: string;
  readonly tfDtype: string;
  readonly shape: readonly (number | { readonly array: readonly [number, ...unknown[]] })[];
}

interface Signature {
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
}

/**
 * Loads a SavedModel folder, which the library of TensorFlow runs unchanged, on the native backend. It can teach, and is not trained. Of
 * its signatures `serving_default` is used, else the only one; it must have one input and one output.
 * @throws TemperError `environment/backend` on another backend, `model/invalid` for other signatures and folders that cannot be loaded.
 */
export async function loadSavedModel(folder: string): Promise<Network> {
  if (getBackend() !== 'tensorflow') {
    throw new TemperError({
      code: 'environment/backend',
      message: `${folder} is a SavedModel, which only the native backend runs; the backend is "${getBackend()}"`,
      hint: `\`${shellCommand('doctor')}\` shows why the native backend is not used and how to fix it.`,
    });
  }
  const { node } = createRequire(import.meta.url)('@tensorflow/tfjs-node') as TfjsNode;
  try {
    const graphs = await node.getMetaGraphsFromSavedModel(folder);
    const { tags, name, signature } = choose(folder, graphs as unknown as readonly MetaGraph[]);
    return network(await node.loadSavedModel(folder, [...tags], name), signature);
  } catch (cause) {
    if (cause instanceof TemperError) throw cause;
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new TemperError({
      code: 'model/invalid',
      message: `${folder} is not a SavedModel that TensorFlow can load: ${reason}`,
      hint: 'Copy the complete folder again: saved_model.pb and variables/.',
      cause,
    });
  }
}

interface MetaGraph {
  readonly tags: readonly string[];
  readonly signatureDefs: Readonly<Record<string, Signature>>;
}

function choose(folder: string, graphs: readonly MetaGraph[]) {
  const graph =
    graphs.find(({ tags }) => tags.length === 1 && tags[0] === 'serve') ?? graphs.find(({ tags }) => tags.includes('serve')) ?? graphs[0];
  const names = Object.keys(graph?.signatureDefs ?? {});
  const name = names.includes('serving_default') ? 'serving_default' : names.length === 1 ? names[0] : undefined;
  const invalid = (message: string, hint: string): TemperError =>
    new TemperError({ code: 'model/invalid', message: `${folder} ${message}`, hint });
  if (graph === undefined || name === undefined) {
    const found = names.length === 0 ? 'has no signature' : `has the signatures ${names.join(', ')}, none of which is serving_default`;
    throw invalid(found, 'Export it with one signature, from inputs to logits: model.export("folder") in Keras 3.');
  }
  const signature = graph.signatureDefs[name] as Signature;
  for (const [side, wanted] of [
    ['inputs', 'the samples'],
    ['outputs', 'the logits'],
  ] as const) {
    const given = Object.keys(signature[side]);
    if (given.length !== 1) {
      throw invalid(
        `has ${given.length} ${side} in its signature ${name} (${given.join(', ')}); a classifier has exactly one, ${wanted}`,
        'Export the part of the model that gives the logits, as a model of its own.',
      );
    }
  }
  return { tags: graph.tags, name, signature };
}

type Model = Awaited<ReturnType<TfjsNode['node']['loadSavedModel']>>;

function network(model: Model, { inputs }: Signature): Network {
  const [input] = Object.values(inputs) as [Described];
  return {
    name: 'teacher',
    parameters: [],
    buffers: [],
    isExternal: true,
    // tfjs checks neither type nor shape; TensorFlow itself reports what does not fit.
    logits: (samples) =>
      tidy(() => model.predict(samples.dtype === input.dtype ? samples : samples.cast(input.dtype as 'float32')) as Tensor),
    dispose: () => model.dispose(),
  };
}
