import { sizeOf } from '@temper/core';
import { allValuesOf } from '../graph/constant.js';
import { specOf, type GraphNode, type Ref } from '../graph/graph.js';
import { constantAt, fillOf } from '../passes/rewrite.js';
import { divergenceOp, type DivergencePart } from './divergence.js';
import type { Opcode } from './instruction.js';
import type { Program } from './program.js';
import { lastOf, resultKind, useOf, type Kind, type Use, type View } from './view.js';

/** A node as part of a kernel: the kind of its result, the form of its first inputs, and its instructions. */
export interface Fusable {
  readonly kind: Kind;
  readonly uses: readonly Use[];
  /** Writes the instructions over values of the inputs in `uses`; returns the result. */
  emit(program: Program, inputs: readonly number[]): number;
}

const unary: Readonly<Record<string, Opcode>> = {
  Neg: 'neg',
  Exp: 'exp',
  Log: 'log',
  Sqrt: 'sqrt',
  Rsqrt: 'rsqrt',
  Square: 'square',
  Tanh: 'tanh',
  Sigmoid: 'sigmoid',
  Erf: 'erf',
  Relu: 'relu',
  Abs: 'abs',
  Reciprocal: 'reciprocal',
};
const binary: Readonly<Record<string, Opcode>> = {
  Add: 'add',
  AddV2: 'add',
  BiasAdd: 'add',
  Sub: 'sub',
  Mul: 'mul',
  RealDiv: 'div',
  Maximum: 'maximum',
  Minimum: 'minimum',
  ReluGrad: 'relu-grad',
  SquaredDifference: 'squared-difference',
};
const reductions: Readonly<Record<string, 'row-sum' | 'row-mean' | 'row-max'>> = { Sum: 'row-sum', Mean: 'row-mean', Max: 'row-max' };

/** Operations whose table is their input; for all others it is their result. */
export const reduces: ReadonlySet<string> = new Set([...Object.keys(reductions), 'BiasAddGrad']);

/** Operations that move no data in TensorFlow, nor in a kernel. */
export const moves: ReadonlySet<string> = new Set(['Reshape', 'ExpandDims', 'Squeeze', 'Identity']);

/** Returns a node as part of a kernel over this table; undefined where the kernel does not support it. */
export function fusable(node: GraphNode, view: View): Fusable | undefined {
  const {
    op,
    outputs: [spec],
  } = node;
  if (spec?.dtype !== 'float32' || node.outputs.length !== 1 || sizeOf(spec.shape) === 0) return undefined;
  const one = unary[op];
  if (one !== undefined) return elementwise(node, view, 1, (program, [x]) => program.add(one, x));
  const two = binary[op];
  if (two !== undefined) return elementwise(node, view, 2, (program, [x, y]) => program.add(two, x, y));
  if (moves.has(op) || op === 'BroadcastTo')
    return elementwise(node, view, 1, (program, [x]) => (op === 'BroadcastTo' ? program.add('copy', x) : x));
  if (reductions[op] !== undefined) return reduction(node, view, reductions[op]);
  switch (op) {
    case 'Softmax':
      return ofRows(node, view, softmax);
    case 'LogSoftmax':
      return ofRows(node, view, logSoftmax);
    case 'Pow':
      return fillOf(node.inputs[1] as Ref) === 1.5
        ? elementwise(node, view, 1, (program, [x]) => program.add('mul', x, program.add('sqrt', x)))
        : undefined;
    case 'OneHot':
      return oneHot(node, view);
    case 'BiasAddGrad':
      return columnSum(node, view);
    case divergenceOp:
      return divergence(node, view);
    default:
      return undefined;
  }
}

type Emit = (program: Program, inputs: readonly [number, number]) => number;

function elementwise({ inputs, outputs }: GraphNode, view: View, arity: number, emit: Emit): Fusable | undefined {
  const shape = outputs[0]?.shape ?? [];
  const kind = resultKind(shape, view);
  const uses = inputs.slice(0, arity).map((operand) => useOf(operand, shape, view));
  if (kind === undefined || !uses.every((one) => one !== undefined)) return undefined;
  return { kind, uses, emit: (program, values) => program.as(kind, () => emit(program, values as [number, number])) };
}

/** Returns operations along the rows: their tensors have the table's columns as their last axis. */
function ofRows({ inputs: [x] }: GraphNode, view: View, emit: (program: Program, x: number) => number): Fusable | undefined {
  return isTable(x as Ref, view)
    ? {
        kind: 'full',
        uses: [{ kind: 'full', period: 0 }],
        emit: (program, [value]) => program.as('full', () => emit(program, value as number)),
      }
    : undefined;
}

const isTable = (x: Ref, { rows, columns }: View): boolean =>
  columns > 1 && lastOf(specOf(x).shape) === columns && sizeOf(specOf(x).shape) === rows * columns;

function softmax(program: Program, x: number): number {
  const e = program.add('exp', program.add('sub', x, program.add('row-max', x)));
  // As in TensorFlow: one division for each row.
  return program.add(
    'mul',
    e,
    program.as('row', () => program.add('reciprocal', program.add('row-sum', e))),
  );
}

function logSoftmax(program: Program, x: number): number {
  const shifted = program.add('sub', x, program.add('row-max', x));
  const size = program.as('row', () => program.add('log', program.add('row-sum', program.add('exp', shifted))));
  return program.add('sub', shifted, size);
}

function reduction({ inputs: [x, axes] }: GraphNode, view: View, opcode: 'row-sum' | 'row-mean' | 'row-max'): Fusable | undefined {
  const { shape } = specOf(x as Ref);
  const constant = constantAt(axes as Ref);
  if (constant === undefined) return undefined;
  const reduced = Array.from(allValuesOf(constant), (axis) => (axis < 0 ? axis + shape.length : axis));
  if (reduced.join() === String(shape.length - 1) && isTable(x as Ref, view)) {
    return { kind: 'row', uses: [{ kind: 'full', period: 0 }], emit: (program, [value]) => program.add(opcode, value as number) };
  }
  const kind = resultKind(shape, view);
  const isWhole = shape.every((size, axis) => size === 1 || reduced.includes(axis));
  if (opcode === 'row-max' || view.columns === 1 || kind !== 'row' || !isWhole) return undefined;
  const share = (program: Program, value: number): number =>
    opcode === 'row-mean' ? program.as('row', () => program.add('div', value, program.number(view.rows))) : value;
  return { kind: 'total', uses: [{ kind, period: 0 }], emit: (program, [value]) => program.sum('total', share(program, value as number)) };
}

function columnSum({ inputs: [x] }: GraphNode, view: View): Fusable | undefined {
  return isTable(x as Ref, view)
    ? { kind: 'column-sum', uses: [{ kind: 'full', period: 0 }], emit: (program, [value]) => program.sum('column-sum', value as number) }
    : undefined;
}

function divergence({ inputs, attributes }: GraphNode, view: View): Fusable | undefined {
  if (!inputs.every((operand) => isTable(operand, view))) return undefined;
  const part = (attributes['part'] as { readonly value: DivergencePart }).value;
  const emit: Fusable['emit'] = (program, values) => program.divergence(part, ...(values as [number, number, number]));
  return { kind: part === 'value' ? 'row' : 'full', uses: inputs.map(() => ({ kind: 'full', period: 0 })), emit };
}

function oneHot({ inputs: [labels, , on, off], outputs: [spec], attributes }: GraphNode, view: View): Fusable | undefined {
  const [one, zero] = [fillOf(on as Ref), fillOf(off as Ref)];
  const axis = attributes['axis'];
  const { dtype, shape } = specOf(labels as Ref);
  if (one === undefined || zero === undefined || axis?.kind !== 'int' || axis.value !== -1 || dtype !== 'int32') return undefined;
  if (view.columns === 1 || lastOf(spec?.shape ?? []) !== view.columns || sizeOf(shape) !== view.rows) return undefined;
  return {
    kind: 'full',
    uses: [{ kind: 'row', period: 0 }],
    emit: (program, [value]) => program.as('full', () => program.add('one-hot', value as number, program.numbers(one, zero))),
  };
}
