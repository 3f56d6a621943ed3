import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { isContainer, unreadable, type LayerJson } from './shapes.js';

interface Leaf {
  readonly place: string;
  /** The models that contain it, from the outermost one. */
  readonly parents: readonly string[];
  readonly name: string;
  /** Its place in a `.keras` file: `layers/sequential/layers/dense_1`. */
  readonly stored: string;
}

/**
 * Assigns the weights of a Keras 3 file to the layers of a model. Their names are those of the variables (`sequential/dense/kernel`, with
 * or without the names of the models that contain a layer), or places in a `.keras` file (`layers/dense/vars/0`). Within a layer, Keras
 * and tfjs use the same order.
 * @throws TemperError `model/invalid` where a layer's weights are missing or have other shapes.
 */
export function assignWeights(model: LayersModel, root: LayerJson, weights: NamedTensorMap): void {
  const leaves = leavesOf(root, [], '');
  const byLeaf = new Map<string, Tensor[]>();
  for (const [name, tensor] of inKerasOrder(weights)) {
    const owner = ownerOf(name, leaves, root.config['name'] as string);
    if (owner !== undefined) byLeaf.set(owner.place, [...(byLeaf.get(owner.place) ?? []), tensor]);
  }
  for (const leaf of leaves) {
    const layer = find(model, [...leaf.parents, leaf.name]);
    if (layer === undefined || layer.weights.length === 0) continue;
    const given = byLeaf.get(leaf.place) ?? [];
    const [got, wanted] = [given.map(({ shape }) => show(shape)), layer.weights.map(({ shape }) => show(shape))];
    if (got.join() !== wanted.join()) {
      throw unreadable(leaf.place, `has weights of the shapes ${wanted.join(', ')}, the file holds ${got.join(', ') || 'none'} for it`);
    }
    layer.setWeights(given);
  }
}

/** Sorts weights like a `.keras` file: parts by name; the forward half of a bidirectional layer comes first. */
const inKerasOrder = (weights: NamedTensorMap): [string, Tensor][] =>
  Object.entries(weights).sort(([a], [b]) => Number(a.includes('/backward_layer/')) - Number(b.includes('/backward_layer/')));

const show = (shape: readonly (number | null)[]): string => `[${shape.join(', ')}]`;

function leavesOf({ config }: LayerJson, parents: readonly string[], stored: string): Leaf[] {
  const counts = new Map<string, number>();
  return (config['layers'] as LayerJson[]).flatMap((one) => {
    const kind = snakeCase(one.class_name);
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    const place = `${stored}layers/${kind}${count === 0 ? '' : `_${count}`}/`;
    const name = String(one.config['name'] ?? one.name);
    if (isContainer(one)) return leavesOf(one, [...parents, name], place);
    return [{ place: [...parents, name].join('/'), parents, name, stored: place }];
  });
}

/** Returns the name that Keras gives to parts of a file after their classes. */
const snakeCase = (name: string): string =>
  name
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/**
 * Returns the layer of a weight: of several layers with its name, the one with the fewest containing models that the weight does not
 * name.
 */
function ownerOf(name: string, leaves: readonly Leaf[], root: string): Leaf | undefined {
  const stored = leaves.filter((leaf) => name.startsWith(leaf.stored)).sort((a, b) => b.stored.length - a.stored.length)[0];
  if (stored !== undefined) return stored;
  const parts = name.split('/');
  const candidates = leaves.flatMap((leaf) => {
    const at = parts.lastIndexOf(leaf.name, parts.length - 2);
    if (at < 0) return [];
    const around = parts.slice(0, at).filter((part) => part !== root);
    const isInside = around.every((part) => leaf.parents.includes(part));
    return isInside ? [{ leaf, unnamed: leaf.parents.length - around.length }] : [];
  });
  return candidates.sort((a, b) => a.unnamed - b.unnamed)[0]?.leaf;
}

function find(model: LayersModel, [name, ...rest]: readonly string[]): LayersModel['layers'][number] | undefined {
  const layer = model.layers.find((one) => one.name === name);
  return rest.length === 0 || layer === undefined ? layer : find(layer as LayersModel, rest);
}
