import { TemperError } from '@temper/core';
import { differentShape, pairsOf } from '../recording/compare.js';
import { allValuesOf, constantOf, sameConstant } from '../graph/constant.js';
import { typeOf, type GraphWriter } from '../graph/graph-writer.js';
import type { Constant, Ref, TensorSpec } from '../graph/graph.js';
import type { OpenConstants } from '../graph/lower.js';
import { showOrigin } from '../recording/origin.js';
import type { Operand, Recording } from '../recording/recording.js';

/** Two recordings of the same function, for batches of these sizes. */
export interface Sized {
  readonly recording: Recording;
  readonly size: number;
}

/** A whole number that is `value` at every batch size, or `value` times the batch size. */
interface Extent {
  readonly value: number;
  readonly perSample: boolean;
}

const integer: TensorSpec = { dtype: 'int32', shape: [] };

/**
 * Finds constants of a recording that depend on the batch size: the shapes that tfjs gives to reshapes and slices, and tensors of one
 * repeated value. Each must be computed from the size.
 * @throws TemperError `model/invalid` for a constant that depends on the size in any other way.
 */
export function openBatch(first: Sized, second: Sized): OpenConstants {
  const shape = differentShape(first.recording, second.recording);
  if (shape !== undefined) throw refused(`its operations depend on the size of the batch: ${shape.message}`);
  const open = new Map<Operand, (writer: GraphWriter, batch: Ref) => Ref>();
  for (const { a, b } of pairsOf(first.recording, second.recording)) {
    if (a.from !== 'constant' || b.from !== 'constant' || sameConstant(a.constant, b.constant)) continue;
    const write = opened(a.constant, b.constant, first.size, second.size);
    if (write === undefined) throw refused(`a constant depends on the size of the batch, ${showOrigin(a.origin())}`);
    open.set(a, write);
  }
  return open;
}

const refused = (why: string): TemperError =>
  new TemperError({
    code: 'model/invalid',
    message: `the network cannot be exported for batches of any size: ${why}`,
    hint: 'Let the logits of a sample depend on that sample alone.',
  });

function opened(a: Constant, b: Constant, sizeA: number, sizeB: number): ReturnType<OpenConstants['get']> {
  const extents = (x: ArrayLike<number>, y: ArrayLike<number>): Extent[] | undefined => {
    if (x.length !== y.length) return undefined;
    const found = Array.from(x, (value, i) => extentOf(value, y[i] as number, sizeA, sizeB));
    return found.every((one) => one !== undefined) ? found : undefined;
  };
  if (a.dtype === 'int32' && a.shape.length === 1) {
    const vector = extents(allValuesOf(a), allValuesOf(b));
    if (vector !== undefined) return (writer, batch) => writeVector(vector, writer, batch);
  }
  const shape = extents(a.shape, b.shape);
  if (shape === undefined || !a.splat || !b.splat || Buffer.compare(a.bytes, b.bytes) !== 0) return undefined;
  return (writer, batch) => {
    const value = writer.constant({ ...a, shape: [], splat: false });
    return writer.add('Fill', [writeVector(shape, writer, batch), value], { T: typeOf(a), index_type: typeOf(integer) }, a);
  };
}

function extentOf(a: number, b: number, sizeA: number, sizeB: number): Extent | undefined {
  if (a === b) return { value: a, perSample: false };
  return a * sizeB === b * sizeA && a % sizeA === 0 ? { value: a / sizeA, perSample: true } : undefined;
}

function writeVector(extents: readonly Extent[], writer: GraphWriter, batch: Ref): Ref {
  const number = (value: number): Ref => writer.constant(constantOf(Int32Array.of(value), [], 'int32'));
  const size = batchSize(writer, batch);
  const parts = extents.map(({ value, perSample }) => {
    if (!perSample) return number(value);
    return value === 1 ? size : writer.add('Mul', [size, number(value)], { T: typeOf(integer) }, integer);
  });
  const attributes = { N: { kind: 'int', value: parts.length }, T: typeOf(integer), axis: { kind: 'int', value: 0 } } as const;
  return writer.add('Pack', parts, attributes, { dtype: 'int32', shape: [parts.length] });
}

function batchSize(writer: GraphWriter, batch: Ref): Ref {
  const spec = batch.node.outputs[batch.output] as TensorSpec;
  const shape = writer.add(
    'Shape',
    [batch],
    { T: typeOf(spec), out_type: typeOf(integer) },
    { dtype: 'int32', shape: [spec.shape.length] },
  );
  const [zero, one] = [writer.integers([0]), writer.integers([1])];
  return writer.add(
    'StridedSlice',
    [shape, zero, one, one],
    { T: typeOf(integer), Index: typeOf(integer), shrink_axis_mask: { kind: 'int', value: 1 } },
    integer,
  );
}
