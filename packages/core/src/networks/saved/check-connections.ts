import { TemperError } from '../../errors.js';
import { isLayer, isObject, layersIn, type SavedLayer } from './saved-layer.js';

/** A call of a layer, with the outputs that it uses. */
interface Call {
  readonly layer: string;
  readonly inputs: readonly (readonly [layer: string, call: number])[];
}

/**
 * Refuses connections of a functional model's layers that cannot all be made. TensorFlow.js repeats its pass over the calls of layers
 * until each of them finds its inputs, so it does not end where one never does: a circle, a missing layer, a missing call.
 * @throws TemperError `model/invalid`, naming the layer.
 */
export function checkConnections(layers: readonly unknown[]): void {
  const made = new Map<string, number>();
  for (const layer of layers) {
    const name = nameOf(layer);
    if (made.has(name)) throw unconnected(name, 'is in the model twice');
    made.set(name, isMadeCalled(layer as SavedLayer) ? 1 : 0);
  }
  const waiting = new Map<string, Call[]>();
  const ready: Call[] = [];
  const place = (call: Call): void => {
    const missing = call.inputs.find(([layer, index]) => (made.get(layer) ?? 0) <= index);
    if (missing === undefined) ready.push(call);
    else waiting.set(keyOf(missing), [...(waiting.get(keyOf(missing)) ?? []), call]);
  };
  layers.flatMap((layer) => callsOf(layer as SavedLayer)).forEach(place);
  for (let call = ready.pop(); call !== undefined; call = ready.pop()) {
    const count = made.get(call.layer) ?? 0;
    made.set(call.layer, count + 1);
    const key = keyOf([call.layer, count]);
    const next = waiting.get(key) ?? [];
    waiting.delete(key);
    next.forEach(place);
  }
  for (const [call] of waiting.values()) if (call !== undefined) throw neverMade(call, made);
}

const keyOf = ([layer, call]: readonly [string, number]): string => JSON.stringify([layer, call]);

/** Returns whether a layer counts as called once it is created: an input, and a model. */
const isMadeCalled = (layer: SavedLayer): boolean => layer.class_name === 'InputLayer' || (layersIn(layer)?.length ?? 0) > 0;

function nameOf(layer: unknown): string {
  if (!isLayer(layer)) throw unconnected(undefined, 'is not an object with class_name and config');
  const own = isObject(layer.config) ? layer.config['name'] : undefined;
  if (typeof layer.name !== 'string') throw unconnected(own, 'has no name in a model whose layers are connected by their names');
  if (own !== layer.name) throw unconnected(layer.name, `has another name in its config: ${JSON.stringify(own)}`);
  return layer.name;
}

function callsOf({ name, inbound_nodes: calls }: SavedLayer): Call[] {
  if (!Array.isArray(calls)) throw unconnected(name, 'has no list inbound_nodes of its inputs');
  return calls.flatMap((call: unknown) => {
    if (!Array.isArray(call)) throw unconnected(name, 'has a call in inbound_nodes that is no list of its inputs');
    const inputs = call.map((input: unknown): [string, number] => {
      const [layer, index, output] = Array.isArray(input) ? (input as unknown[]) : [];
      if (typeof layer === 'string' && isIndex(index) && isIndex(output)) return [layer, index];
      throw unconnected(name, 'has an input in inbound_nodes that is not [layer, call, output]');
    });
    // TensorFlow.js skips a call without inputs.
    return inputs.length === 0 ? [] : [{ layer: name as string, inputs }];
  });
}

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function neverMade({ layer, inputs }: Call, made: ReadonlyMap<string, number>): TemperError {
  const [name, call] = inputs.find(([one, index]) => (made.get(one) ?? 0) <= index) as readonly [string, number];
  if (!made.has(name)) return unconnected(layer, `takes its input from the layer "${name}", which is not in the model`);
  return unconnected(
    layer,
    `takes its input from call ${call + 1} of the layer "${name}", which is never made: it is missing, or the layers form a circle`,
  );
}

const unconnected = (name: unknown, problem: string): TemperError =>
  new TemperError({
    code: 'model/invalid',
    message: `${typeof name === 'string' ? `the layer "${name}"` : 'a layer'} ${problem}`,
    hint: 'Copy, save or convert the network again.',
  });
