import { isObject, unreadable } from './shapes.js';

/** A tensor in the form of tfjs: layer, node, output, call arguments. */
type Connection = readonly [string, number, number, object];

/**
 * Returns the connections of a layer in the form of Keras 2, from the calls that Keras 3 stores: `{ args, kwargs }` with tensors anywhere
 * in them. Connections in the old form are returned unchanged. `models` names the layers that are models: tfjs counts the creation of a
 * model as its first call.
 */
export function inboundNodes(calls: unknown, place: string, models: ReadonlySet<string>): unknown {
  if (!Array.isArray(calls) || !calls.some(isObject)) return calls ?? [];
  return calls.map((call: { args?: unknown; kwargs?: unknown }) => {
    const tensors = tensorsIn(call.args ?? [], place, models);
    const named = Object.entries(isObject(call.kwargs) ? call.kwargs : {}).filter(
      ([, value]) => value !== null && typeof value !== 'boolean',
    );
    const [first] = named;
    if (first !== undefined) throw unreadable(place, `is called with "${first[0]}", which cannot be expressed in TensorFlow.js`);
    return tensors;
  });
}

function tensorsIn(value: unknown, place: string, models: ReadonlySet<string>): Connection[] {
  if (Array.isArray(value)) return value.flatMap((one) => tensorsIn(one, place, models));
  const history = isObject(value) && isObject(value['config']) ? value['config']['keras_history'] : undefined;
  if (Array.isArray(history)) {
    const [layer, node, output] = history as [string, number, number];
    return [[layer, models.has(layer) ? node + 1 : node, output, {}]];
  }
  // A call without a mask or initial state.
  if (value === null) return [];
  throw unreadable(place, `is called with the value ${JSON.stringify(value)}, which cannot be expressed in TensorFlow.js`);
}

/** Returns the ends of a functional model as a list of `[layer, node, output]`, from a single end, a list, or a record by name. */
export function ends(given: unknown, models: ReadonlySet<string>): unknown[] {
  if (isObject(given)) return Object.values(given).flatMap((one) => ends(one, models));
  if (!Array.isArray(given)) return [];
  const [layer, node, output] = given as unknown[];
  if (typeof layer !== 'string') return given.flatMap((one) => ends(one, models));
  return [[layer, models.has(layer) ? Number(node) + 1 : node, output]];
}
