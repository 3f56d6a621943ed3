import type { io } from '@tensorflow/tfjs-core';
import { TemperError } from '../errors.js';
import { checkTopology } from '../networks/saved/check-topology.js';
import { isLayer, layersIn } from '../networks/saved/saved-layer.js';
import type { NumberPreparation } from '../preparation/prepare.js';
import { preparationLayers, type LayerJson } from './preparation-layers.js';
import { noteRawInputs, removeNote } from './raw-inputs.js';

type InboundNode = [layer: string, node: number, output: number, ...rest: unknown[]];

interface PlacedLayer {
  readonly name?: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes?: readonly (readonly InboundNode[])[];
}

interface Topology {
  readonly config: PlacedLayer[] | { readonly layers: PlacedLayer[]; readonly input_layers?: InboundNode[] };
}

/** A saved network, and the names of the layers that now prepare its inputs. */
export interface Folded {
  readonly artifacts: io.ModelArtifacts;
  readonly layers: readonly string[];
}

/**
 * Adds the preparation in front of a saved LayersModel, which then takes raw inputs and has a note about it. The weights of the new
 * layers come last. `shape` is that of one sample. The given artifacts do not change.
 */
export function foldPreparation(artifacts: io.ModelArtifacts, preparation: NumberPreparation, shape: readonly number[]): Folded {
  const topology = artifacts.modelTopology as unknown as Topology;
  const taken = new Set(layersOf(topology).map(nameOfLayer));
  const added = preparationLayers(preparation, shape, (part) => freeName(`prepare_${part}`, taken));
  if (added.length === 0) return { artifacts, layers: [] };
  const layers = added.map(({ config }) => config.name);
  const weights = added.flatMap((layer) => layer.weights);
  return {
    layers,
    artifacts: {
      ...noteRawInputs(artifacts),
      modelTopology: withLayers(
        topology,
        isSequential(topology) ? inSequence(topology, added, shape) : inGraph(topology, added),
      ) as unknown as object,
      weightSpecs: [
        ...(artifacts.weightSpecs ?? []),
        ...weights.map(({ name, values }) => ({ name, shape: [values.length], dtype: 'float32' as const })),
      ],
      weightData: [...[artifacts.weightData ?? []].flat(), ...weights.map(({ values }) => values.slice().buffer)],
    },
  };
}

/**
 * Removes the layers that `foldPreparation` has added, so that the network takes prepared inputs.
 * @throws TemperError `model/invalid` where the layers are missing, and for a value that is not a topology.
 */
export function unfoldPreparation(artifacts: io.ModelArtifacts, names: readonly string[], source: string): io.ModelArtifacts {
  const last = names.at(-1);
  if (last === undefined) return artifacts;
  const topology = checkedTopology(artifacts, source);
  const all = layersOf(topology);
  const absent = names.find((name) => !all.some((layer) => nameOfLayer(layer) === name));
  if (absent !== undefined) {
    throw new TemperError({
      code: 'model/invalid',
      message: `${source}: student.json names the layer "${absent}", which model.json does not have`,
      hint: 'Both files must come from the same save; copy the folder again.',
    });
  }
  const kept = all.filter((layer) => !names.includes(nameOfLayer(layer)));
  const first = all.find((layer) => nameOfLayer(layer) === names[0]);
  const input = first?.inbound_nodes?.[0]?.[0];
  const specs = artifacts.weightSpecs ?? [];
  return {
    ...removeNote(artifacts),
    modelTopology: withLayers(topology, input === undefined ? kept : kept.map((layer) => rewired(layer, last, input))) as unknown as object,
    weightSpecs: specs.filter(({ name }) => !names.some((layer) => name.startsWith(`${layer}/`))),
  };
}

/** Returns the layers of a topology; a file may contain something else. */
function checkedTopology({ modelTopology: topology }: io.ModelArtifacts, source: string): Topology {
  if (isLayer(topology) && layersIn(topology)?.every(isLayer) === true) {
    checkTopology(topology);
    return topology as unknown as Topology;
  }
  throw new TemperError({
    code: 'model/invalid',
    message: `${source}: model.json holds no list of layers`,
    hint: 'Copy the folder again: model.json, its weights and student.json belong together.',
  });
}

const isSequential = ({ config }: Topology): boolean => Array.isArray(config) || config.input_layers === undefined;
const layersOf = ({ config }: Topology): readonly PlacedLayer[] => (Array.isArray(config) ? config : config.layers);
const nameOfLayer = ({ name, config }: PlacedLayer): string => name ?? String(config['name']);

const withLayers = (topology: Topology, layers: PlacedLayer[]): Topology => ({
  ...topology,
  config: Array.isArray(topology.config) ? layers : { ...topology.config, layers },
});

function inSequence(topology: Topology, added: readonly LayerJson[], shape: readonly number[]): PlacedLayer[] {
  const old = layersOf(topology);
  const inputs = old.filter(({ class_name: kind }) => kind === 'InputLayer');
  const placed = added.map(({ class_name, config }, i) => ({
    class_name,
    config: i === 0 && inputs.length === 0 ? { ...config, batch_input_shape: [null, ...shape] } : config,
  }));
  return [...inputs, ...placed, ...old.filter((layer) => !inputs.includes(layer))];
}

function inGraph(topology: Topology, added: readonly LayerJson[]): PlacedLayer[] {
  const [input] = (topology.config as { readonly input_layers: InboundNode[] }).input_layers;
  let before: InboundNode = [(input as InboundNode)[0], (input as InboundNode)[1], (input as InboundNode)[2], {}];
  const from = before;
  const placed = added.map(({ class_name, config }): PlacedLayer => {
    const layer = { name: config.name, class_name, config, inbound_nodes: [[before]] };
    before = [config.name, 0, 0, {}];
    return layer;
  });
  const old = layersOf(topology).map((layer) => rewired(layer, from[0], before));
  const at = 1 + old.findIndex((layer) => nameOfLayer(layer) === from[0]);
  return [...old.slice(0, at), ...placed, ...old.slice(at)];
}

/** Returns a layer that takes its inputs from another layer than the named one. */
function rewired(layer: PlacedLayer, from: string, [name, node, output]: InboundNode): PlacedLayer {
  if (layer.inbound_nodes === undefined) return layer;
  const replace = (one: InboundNode): InboundNode => (one[0] === from ? [name, node, output, ...one.slice(3)] : one);
  return { ...layer, inbound_nodes: layer.inbound_nodes.map((call) => call.map(replace)) };
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`;
  taken.add(name);
  return name;
}
