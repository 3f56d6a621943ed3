import * as tf from '@tensorflow/tfjs-core';
import type { StepDefinition } from '@temper/core';
import { attributesOf } from './attributes.js';
import { canBeConstant, constantOf } from '../graph/constant.js';
import type { TensorSpec } from '../graph/graph.js';
import { intercept, type Call, type Listener } from './intercept.js';
import { nativeBackend } from '../backend/native-backend.js';
import { captureOrigin, showOrigin, type Origin } from './origin.js';
import type { Operand, Operation, Problem, Recording, Source } from './recording.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** Operations that draw from their own generator: two runs of the graph would differ, and neither could be resumed. */
const draws = /^(Multinomial|TruncatedNormal|Random\w*)$/;

/**
 * Runs a step once, operation by operation, and records its operations. Its inputs and state must not share data with one another, since
 * a tensor is recognised by its data.
 */
export function record(step: StepDefinition, inputs: Tensors): { readonly recording: Recording; readonly outputs: Tensors } {
  const backend = nativeBackend();
  const known = new Map<object, Operand>();
  const written = new Map<object, () => Origin>();
  const operations: Operation[] = [];
  const problems: Problem[] = [];
  const readBack = nativeReader();

  const declare = (kind: Source['kind'], key: string, tensor: tf.Tensor): void => {
    known.set(tensor.dataId, { from: 'source', source: { kind, key, spec: specOf(tensor) } });
  };
  step.frozen?.forEach((tensor, i) => declare('frozen', String(i), tensor));
  step.state.forEach((variable, i) => declare('state', String(i), variable));
  for (const [name, tensor] of Object.entries(inputs)) declare('input', name, tensor);

  const refuse = (message: string, hint: string): void => void problems.push({ message, hint });
  // Places are recorded for constants alone: recording them for every operation would take a tenth of the time.
  const operand = (tensor: tf.TensorInfo, entry: Call['entry']): Operand => {
    const found = known.get(tensor.dataId);
    if (found !== undefined) return found;
    const origin = written.get(tensor.dataId) ?? captureOrigin(entry);
    const isKnownType = canBeConstant(tensor.dtype);
    if (!isKnownType)
      refuse(
        `a tensor of dtype ${tensor.dtype ?? 'int64'} is used ${showOrigin(origin())}`,
        'Recorded steps hold float32, int32 and bool tensors only.',
      );
    const constant = isKnownType
      ? constantOf(readBack(tensor.dataId), tensor.shape, tensor.dtype)
      : constantOf(new Float32Array(), [0], 'float32');
    const made: Operand = { from: 'constant', constant, origin, captured: !written.has(tensor.dataId) };
    known.set(tensor.dataId, made);
    return made;
  };
  const listener: Listener = {
    operation({ name, attributes, inputs: used, outputs: made, entry }) {
      if (draws.test(name)) {
        refuse(
          `${name} draws random numbers inside TensorFlow, ${showOrigin(captureOrigin(entry)())}`,
          'Draw from the seed of the update (CallOptions.seed) with `uniformNoise`.',
        );
      }
      const index = operations.length;
      operations.push({
        name,
        attributes: attributesOf(backend.binding, name, attributes, used),
        inputs: used.map((tensor) => operand(tensor, entry)),
        outputs: made.map(specOf),
      });
      made.forEach((tensor, output) => known.set(tensor.dataId, { from: 'operation', index, output }));
    },
    written: (dataId, { entry }) => void written.set(dataId, captureOrigin(entry)),
    read(dataId, { entry }) {
      const found = known.get(dataId);
      if (found === undefined || found.from === 'constant') return;
      const what = found.from === 'source' ? `the data of ${showSource(found.source)}` : 'data computed from its inputs';
      refuse(
        `the step reads ${what} back to the host in the middle of an update, ${showOrigin(captureOrigin(entry)())}`,
        'Compute with tensors only (tf.where instead of if), and return values of interest as an output of the step, or ' +
          'from `measure`.',
      );
    },
  };

  const variables = watchVariables(step.state);
  const outputs = intercept(backend, listener, () => tf.tidy(() => step.body(inputs)));
  problems.push(...variables.problems());
  const result = (tensor: tf.Tensor): Operand => operand(tensor, record);
  const recording: Recording = {
    operations,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, result(tensor)])),
    state: step.state.map((variable, i) => {
      const now = result(variable);
      return now.from === 'source' && now.source.kind === 'state' && now.source.key === String(i) ? undefined : now;
    }),
    problems,
  };
  return { recording, outputs };
}

const specOf = ({ dtype, shape }: tf.TensorInfo): TensorSpec => ({ dtype, shape });

/** Reads values without a call of the listener. */
function nativeReader(): (dataId: object) => tf.TypedArray {
  const backend = nativeBackend();
  const { readSync } = backend;
  return (dataId) => readSync.call(backend, dataId) as tf.TypedArray;
}

const showSource = ({ kind, key }: Source): string => (kind === 'input' ? `input "${key}"` : `${kind}[${key}]`);

/** Finds variables that a step makes or assigns without declaring them. */
function watchVariables(declared: readonly tf.Variable[]): { problems(): Problem[] } {
  const registered = () =>
    Object.values((tf.engine() as unknown as { state: { registeredVariables: Record<string, tf.Variable> } }).state.registeredVariables);
  const before = new Map(registered().map((variable) => [variable, variable.dataId]));
  const problem = (variable: tf.Variable, does: string, hint: string): Problem => ({
    message: `the step ${does} the variable "${variable.name}" of shape [${variable.shape.join(', ')}], which is not in its state`,
    hint,
  });
  return {
    problems: () =>
      registered()
        .filter((variable) => !declared.includes(variable) && before.get(variable) !== variable.dataId)
        .map((variable) =>
          before.has(variable)
            ? problem(
                variable,
                'assigns',
                'Declare it: in `variables` of a strategy, in `variables` of the optimizer state, or in `buffers` of the network.',
              )
            : problem(
                variable,
                'creates',
                'Create variables before the first update: in `variables` of a strategy, or in `init` of an optimizer.',
              ),
        ),
  };
}
