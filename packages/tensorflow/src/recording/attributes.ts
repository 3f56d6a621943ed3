import type { TensorInfo } from '@tensorflow/tfjs-core';
import { TemperError } from '@temper/core';
import type { Attribute } from '../graph/graph.js';
import { dtypeCode, type NativeBinding, type OpAttribute } from '../backend/native-backend.js';

/** Type attributes that tfjs-node omits, since TensorFlow infers them in single calls; by the index of their input. */
const inferred: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ExpandDims: { T: 0, Tdim: 1 },
};

/** Returns the attributes of a native call in the form of the graph. */
export function attributesOf(
  binding: NativeBinding,
  op: string,
  given: readonly OpAttribute[],
  inputs: readonly TensorInfo[],
): Record<string, Attribute> {
  return {
    ...Object.fromEntries(
      Object.entries(inferred[op] ?? {}).map(([name, place]) => [
        name,
        { kind: 'type', value: dtypeCode((inputs[place] as TensorInfo).dtype) },
      ]),
    ),
    ...Object.fromEntries(given.map((attribute) => [attribute.name, attributeOf(binding, op, attribute)])),
  };
}

function attributeOf(binding: NativeBinding, op: string, { name, type, value }: OpAttribute): Attribute {
  const isList = Array.isArray(value);
  switch (type) {
    case binding.TF_ATTR_TYPE:
      return isList ? { kind: 'types', value } : { kind: 'type', value: value as number };
    case binding.TF_ATTR_INT:
      return isList ? { kind: 'ints', value } : { kind: 'int', value: value as number };
    case binding.TF_ATTR_FLOAT:
      return isList ? { kind: 'floats', value } : { kind: 'float', value: value as number };
    case binding.TF_ATTR_BOOL:
      return isList ? { kind: 'bools', value } : { kind: 'bool', value: value as boolean };
    case binding.TF_ATTR_STRING:
      return { kind: 'string', value: String(value) };
    case binding.TF_ATTR_SHAPE:
      return { kind: 'shape', value: value as number[] };
    default:
      throw new TemperError({
        code: 'run/failed',
        message: `attribute "${name}" of operation ${op} has type ${type}, which cannot be written into a graph`,
      });
  }
}
