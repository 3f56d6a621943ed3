import type * as tf from '@tensorflow/tfjs-core';
import { sameConstant, showConstant, valuesOf } from '../graph/constant.js';
import type { Constant } from '../graph/graph.js';
import { showOrigin } from './origin.js';
import type { Operand, Operation, Problem, Recording } from './recording.js';

type Scalars = Readonly<Record<string, number>>;

/**
 * Returns the values of a first recording that a second one, made at other values, shows to be frozen; empty where the first may be used
 * for both.
 */
export function differences(
  first: Recording,
  second: Recording,
  scalars: { readonly first: Scalars; readonly second: Scalars },
): Problem[] {
  const shape = differentShape(first, second);
  if (shape !== undefined) return [shape];
  const found: Problem[] = [];
  for (const { user, a, b } of pairsOf(first, second)) pushDifferent(found, user, a, b, scalars);
  return found;
}

/** Returns the values at the same place in two recordings of the same operations, and their user. */
export function pairsOf(first: Recording, second: Recording): { readonly user: string; readonly a: Operand; readonly b: Operand }[] {
  return [
    ...first.operations.flatMap(({ name, inputs }, i) =>
      inputs.map((a, k) => ({ user: name, a, b: second.operations[i]?.inputs[k] as Operand })),
    ),
    ...Object.entries(first.outputs).map(([name, a]) => ({ user: `output "${name}"`, a, b: second.outputs[name] as Operand })),
    ...first.state.flatMap((a, i) => (a === undefined ? [] : [{ user: `state[${i}]`, a, b: second.state[i] as Operand }])),
  ];
}

/** Returns where two recordings differ apart from constants; undefined where they do not. */
export function differentShape(first: Recording, second: Recording): Problem | undefined {
  const hint =
    'Do not choose between operations on the host: compute both with tensors and choose with tf.where, or name the choice in `graphKey`.';
  const length = Math.max(first.operations.length, second.operations.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [first.operations[i], second.operations[i]];
    if (a !== undefined && b !== undefined && wiring(a) === wiring(b)) continue;
    const [was, is] = [a, b].map((one) => one?.name ?? 'nothing') as [string, string];
    const changed = was === is ? `${was} got other attributes or inputs` : `${was} became ${is}`;
    return {
      message: `the operations of the step differ between updates: ${changed} (operation ${i + 1} of ${first.operations.length})`,
      hint,
    };
  }
  const ends = ({ outputs, state }: Recording): string =>
    JSON.stringify([
      Object.entries(outputs).map(([name, operand]) => [name, link(operand)]),
      state.map((operand) => operand && link(operand)),
    ]);
  return ends(first) === ends(second) ? undefined : { message: 'the results or assignments of the step differ between updates', hint };
}

const wiring = ({ name, attributes, inputs }: Operation): string => JSON.stringify([name, attributes, inputs.map(link)]);

const link = (operand: Operand): string => {
  if (operand.from === 'operation') return `${operand.index}:${operand.output}`;
  if (operand.from === 'source') return `${operand.source.kind} ${operand.source.key}`;
  return `constant ${operand.constant.dtype}`;
};

function pushDifferent(
  found: Problem[],
  user: string,
  a: Operand,
  b: Operand,
  scalars: { readonly first: Scalars; readonly second: Scalars },
): void {
  if (a.from !== 'constant' || b.from !== 'constant' || sameConstant(a.constant, b.constant)) return;
  const place = showOrigin(b.origin());
  if (found.some((problem) => problem.message.includes(place))) return;
  const change = `${showConstant(a.constant)} became ${showConstant(b.constant)}`;
  if (b.captured) {
    found.push({
      message: `${user} uses a tensor from outside of the step that changes between updates (${change}), ${place}`,
      hint: 'Use the batch tensors of the inputs, and declare variables as state.',
    });
    return;
  }
  const name = Object.keys(scalars.second).find((key) => holds(a.constant, scalars.first[key]) && holds(b.constant, scalars.second[key]));
  found.push({
    message:
      `${user} uses ${name === undefined ? 'a number' : `"${name}"`} that changes between updates (${change}) as if it were ` +
      `constant, ${place}`,
    hint:
      name === undefined
        ? 'Read every number that changes as a tensor: return it from `scalars` and use the scalar tensor of the same name. ' +
          'Noise comes from `uniformNoise` with the seed of the update.'
        : `Read "${name}" as a tensor: use the scalar tensor of that name that the step is given, not the number.`,
    isNew: name !== undefined,
  });
}

const holds = (constant: Constant, value: number | undefined): boolean => {
  const values = valuesOf(constant) as tf.TypedArray;
  return value !== undefined && values.length === 1 && values[0] === Math.fround(value);
};
