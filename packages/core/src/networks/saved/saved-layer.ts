/** A layer in a model.json, with the parts that are known to be valid. */
export interface SavedLayer {
  readonly class_name: string;
  readonly config: Record<string, unknown> | readonly unknown[];
  readonly name?: unknown;
  readonly inbound_nodes?: unknown;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns whether a value has the form of a layer, a model, or another part with options: an initializer, a regularizer. */
export const isLayer = (value: unknown): value is SavedLayer =>
  isObject(value) && typeof value['class_name'] === 'string' && typeof value['config'] === 'object' && value['config'] !== null;

/** Returns the layers of a model; undefined for a value that is not a model. */
export function layersIn(value: unknown): readonly unknown[] | undefined {
  if (!isLayer(value)) return undefined;
  if (Array.isArray(value.config)) return value.config;
  const { layers } = value.config as Record<string, unknown>;
  return Array.isArray(layers) ? layers : undefined;
}
