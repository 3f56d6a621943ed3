import { TemperError } from '../../errors.js';
import { limits } from '../../limits.js';
import { printable } from '../../printable.js';
import { checkConnections } from './check-connections.js';
import { isLayer, isObject, layersIn, type SavedLayer } from './saved-layer.js';

/** An object or list of a topology, in the order of the traversal: contained parts come after their container. */
interface Part {
  readonly value: object;
  readonly outer: Part | undefined;
  readonly depth: number;
  /** The number of layers that TensorFlow.js visits for it, with those of nested models, each as often as it is called. */
  visits: number;
}

/**
 * Refuses the topology of a saved network that TensorFlow.js would build without end, or only after a very long time: connections to
 * outputs that never exist, models that call models that call models, and structures that are too deep. Works without recursion.
 * @throws TemperError `model/invalid`, naming the layer.
 */
export function checkTopology(topology: object): void {
  const parts = partsOf(topology);
  for (const { value } of parts) {
    if (isLayer(value)) checkPrinted(value);
    const layers = layersIn(value);
    if (layers !== undefined && (value as SavedLayer).class_name !== 'Sequential') checkConnections(layers);
  }
  for (const part of parts.reverse()) {
    const visits = isLayer(part.value) ? (1 + part.visits) * callsOf(part.value) : part.visits;
    if (visits > limits.modelLayers) {
      throw unbuildable(
        `the network has more than ${limits.modelLayers.toLocaleString('en-US')} layers, those of models inside counted at ` +
          `each of their calls`,
      );
    }
    if (part.outer !== undefined) part.outer.visits += visits;
  }
}

/** Checks the names that TensorFlow.js prints: those of layers, and of a model that names an output several times all of them. */
function checkPrinted({ name, config }: SavedLayer): void {
  const own = isObject(config) ? config['name'] : undefined;
  for (const text of [name, own])
    if (typeof text === 'string' && printable(text) !== text) throw unbuildable(`the layer "${text}" has control characters in its name`);
  const outputs = isObject(config) ? config['output_layers'] : undefined;
  if (!Array.isArray(outputs)) return;
  const different = new Set(outputs.map((output) => JSON.stringify(output)));
  if (different.size < outputs.length)
    throw unbuildable(`the model "${String(own ?? name)}" has ${outputs.length} outputs, of which only ${different.size} differ`);
}

/**
 * Refuses a topology that is too deep for recursive functions.
 * @throws TemperError `model/invalid`.
 */
export function checkDepth(topology: object): void {
  partsOf(topology);
}

function partsOf(topology: object): Part[] {
  const parts: Part[] = [];
  const open: Part[] = [{ value: topology, outer: undefined, depth: 0, visits: 0 }];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    parts.push(part);
    if (part.depth > limits.modelDepth) {
      throw unbuildable(`the network has more than ${limits.modelDepth} levels of objects and lists inside each other`);
    }
    for (const value of Object.values(part.value) as unknown[]) {
      if (isObject(value) || Array.isArray(value)) open.push({ value, outer: part, depth: part.depth + 1, visits: 0 });
    }
  }
  return parts;
}

const callsOf = ({ inbound_nodes: calls }: SavedLayer): number => (Array.isArray(calls) ? Math.max(1, calls.length) : 1);

const unbuildable = (message: string): TemperError =>
  new TemperError({
    code: 'model/invalid',
    message,
    hint: 'Save or convert the network again; if it is meant to be this large, split it.',
  });
