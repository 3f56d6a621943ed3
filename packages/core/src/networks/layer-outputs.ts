import type { layers, LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LayerOutput } from '../contracts/network.js';

type Layer = layers.Layer;

/**
 * Lists the layers of a tfjs model whose outputs can be requested, from the inputs to the logits, and marks the ends of its blocks.
 *
 * A block begins with a layer that has a kernel and ends before the next one, where only layers count that everything flows through: a
 * residual connection is inside of its block. The output of a block is its last layer of the rank of its kernel's output, without dropout
 * and normalization at its end: a flattening is no part of it. A layer whose name continues that of another layer with a word
 * (`block_1_sum`) is a part of that layer's block. Embeddings and the logits are no blocks.
 */
export function layerOutputs(model: LayersModel): LayerOutput[] {
  const tensors = tensorsOf(model);
  const blocks = blocksOf(tensors);
  const last = blocks.pop();
  const ends = blocks.filter(({ kernels }) => !kernels.every(isEmbedding)).map(({ cuts }) => endOf(cuts));
  const names = blocks.flatMap(({ cuts }) => cuts.map(({ sourceLayer }) => sourceLayer.name));
  // Numbers at the end tell layers of one kind apart: `dense_1` is no part of `dense`.
  const isPart = (name: string): boolean =>
    names.some((other) => name.startsWith(`${other}_`) && !/^\d/.test(name.slice(other.length + 1)));
  const before = blocks
    .at(-1)
    ?.cuts.filter((cut) => !isNoise(cut.sourceLayer))
    .at(-1);
  return tensors
    .filter((tensor) => last?.cuts.includes(tensor) !== true && isTappable(tensor, tensors))
    .map((tensor) => ({
      name: tensor.sourceLayer.name,
      shape: tensor.shape.slice(1),
      ...(ends.includes(tensor) && !isPart(tensor.sourceLayer.name) ? { endsBlock: true } : {}),
      ...(tensor === before ? { isPenultimate: true } : {}),
    }));
}

/** Returns the output of a layer within a model; undefined if there is no such layer, or it has several outputs. */
export function outputOf(model: LayersModel, name: string): SymbolicTensor | undefined {
  const tensors = tensorsOf(model);
  return tensors.find((tensor) => tensor.sourceLayer.name === name && isTappable(tensor, tensors));
}

const isTappable = (tensor: SymbolicTensor, all: readonly SymbolicTensor[]): boolean =>
  tensor.inputs.length > 0 && all.every((other) => other === tensor || other.sourceLayer.name !== tensor.sourceLayer.name);

interface Block {
  /** Its layers with a kernel. */
  readonly kernels: Layer[];
  /** Its outputs that everything flows through, from the first kernel on. */
  readonly cuts: SymbolicTensor[];
}

/** Splits a model into blocks; the last one computes the logits. */
function blocksOf(tensors: readonly SymbolicTensor[]): Block[] {
  const blocks: Block[] = [];
  const uses = new Map<SymbolicTensor, number>();
  for (const { inputs } of tensors) for (const input of inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  const needed = new Set<SymbolicTensor>();
  let segment: Layer[] = [];
  for (const tensor of tensors) {
    for (const input of tensor.inputs) {
      const left = (uses.get(input) ?? 0) - 1;
      uses.set(input, left);
      if (left === 0) needed.delete(input);
    }
    needed.add(tensor);
    segment.push(tensor.sourceLayer);
    // Everything flows through a tensor if the rest of the model needs it alone.
    if (needed.size > 1) continue;
    const kernels = segment.filter(hasKernel);
    if (kernels.length > 0) blocks.push({ kernels, cuts: [tensor] });
    else blocks.at(-1)?.cuts.push(tensor);
    segment = [];
  }
  return blocks;
}

/** Lists the outputs of all layers that the logits depend on, each after its inputs. */
function tensorsOf(model: LayersModel): SymbolicTensor[] {
  const done = new Set<SymbolicTensor>();
  const next = model.outputs.slice(0, 1);
  // Not recursive: a deep model would exceed the stack.
  for (let tensor = next.at(-1); tensor !== undefined; tensor = next.at(-1)) {
    const missing = done.has(tensor) ? [] : tensor.inputs.filter((input) => !done.has(input));
    if (missing.length > 0) next.push(...missing);
    else {
      done.add(tensor);
      next.pop();
    }
  }
  return [...done];
}

const hasKernel = (layer: Layer): boolean => layer.weights.some(({ shape }) => shape.length > 1);
const isEmbedding = (layer: Layer): boolean => layer.getClassName().includes('Embedding');
const isNoise = (layer: Layer): boolean => /Dropout|Noise/.test(layer.getClassName());

function endOf(cuts: readonly SymbolicTensor[]): SymbolicTensor {
  const [first] = cuts as [SymbolicTensor];
  const same = cuts.filter(({ sourceLayer, shape }) => !isNoise(sourceLayer) && shape.length === first.shape.length);
  return same.filter(({ sourceLayer }) => !sourceLayer.getClassName().includes('Norm')).at(-1) ?? first;
}
