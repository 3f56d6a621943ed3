import { constantOf, valuesOf } from '../graph/constant.js';
import type { Attribute, TensorSpec } from '../graph/graph.js';
import { dtypeCode } from '../backend/native-backend.js';
import type { Operand, Operation, Recording } from '../recording/recording.js';

/** A recording with one fault. */
export interface Fault {
  readonly name: string;
  readonly recording: Recording;
}

const otherKernel: Readonly<Record<string, string>> = {
  Mul: 'AddV2',
  AddV2: 'Sub',
  Sub: 'AddV2',
  RealDiv: 'Mul',
  Exp: 'Square',
  Log: 'Sqrt',
  Relu: 'Neg',
  Sqrt: 'Square',
  Square: 'Neg',
  Neg: 'Square',
  LogSoftmax: 'Softmax',
  Softmax: 'LogSoftmax',
};

/** Returns recordings with every possible fault, one operation at a time. */
export function* faultsOf(recording: Recording): Generator<Fault> {
  for (const [i, operation] of recording.operations.entries()) {
    const { name, inputs, outputs } = operation;
    const place = `${name} (operation ${i})`;
    const other = otherKernel[name];
    if (other !== undefined)
      yield { name: `wrong kernel ${other} for ${place}`, recording: withOperation(recording, i, { ...operation, name: other }) };
    if (inputs.length === 2 && ['Sub', 'RealDiv'].includes(name)) {
      yield { name: `swapped inputs of ${place}`, recording: withOperation(recording, i, { ...operation, inputs: [...inputs].reverse() }) };
    }
    if (['Mul', 'RealDiv'].includes(name) && inputs[1]?.from !== 'operation')
      yield { name: `dropped factor of ${place}`, recording: without(recording, i) };
    const at = inputs.findIndex((input) => input.from === 'constant' && input.constant.dtype === 'float32');
    if (at >= 0)
      yield {
        name: `wrong constant in ${place}`,
        recording: withOperation(recording, i, {
          ...operation,
          inputs: inputs.map((input, k) => (k === at ? scaled(input, 1.01) : input)),
        }),
      };
    if (outputs.length === 1 && outputs[0]?.dtype === 'float32')
      yield { name: `error of 1e-3 in ${place}`, recording: multiplied(recording, i, 1.001) };
  }
}

function withOperation(recording: Recording, at: number, operation: Operation): Recording {
  return { ...recording, operations: recording.operations.map((one, i) => (i === at ? operation : one)) };
}

/** Replaces the result of an operation by its first input, if that has the result's shape. */
function without(recording: Recording, at: number): Recording {
  const { inputs, outputs } = recording.operations[at] as Operation;
  return withOperation(recording, at, {
    name: 'Identity',
    attributes: typed(outputs[0] as TensorSpec),
    inputs: [inputs[0] as Operand],
    outputs,
  });
}

const typed = ({ dtype }: TensorSpec): Readonly<Record<string, Attribute>> => ({ T: { kind: 'type', value: dtypeCode(dtype) } });

function scaled(operand: Operand, factor: number): Operand {
  if (operand.from !== 'constant') return operand;
  const { shape, dtype, splat } = operand.constant;
  const values = Float32Array.from(valuesOf(operand.constant), (value) => value * factor);
  return { ...operand, constant: { ...constantOf(values, splat ? [1] : shape, dtype), shape, splat } };
}

/** Multiplies the result of an operation by a factor for all later operations. */
function multiplied(recording: Recording, at: number, factor: number): Recording {
  const moved = (operand: Operand): Operand => {
    if (operand.from !== 'operation' || operand.index < at) return operand;
    return { ...operand, index: operand.index + 1 };
  };
  const spec = (recording.operations[at] as Operation).outputs[0] as TensorSpec;
  const origin = () => ({ scopes: [], place: undefined });
  const constant: Operand = { from: 'constant', constant: constantOf(Float32Array.of(factor), [], 'float32'), origin, captured: false };
  const multiply: Operation = {
    name: 'Mul',
    attributes: typed(spec),
    inputs: [{ from: 'operation', index: at, output: 0 }, constant],
    outputs: [spec],
  };
  return {
    ...recording,
    operations: [
      ...recording.operations.slice(0, at + 1),
      multiply,
      ...recording.operations.slice(at + 1).map((one) => ({ ...one, inputs: one.inputs.map(moved) })),
    ],
    outputs: Object.fromEntries(Object.entries(recording.outputs).map(([name, operand]) => [name, moved(operand)])),
    state: recording.state.map((operand) => operand && moved(operand)),
  };
}
