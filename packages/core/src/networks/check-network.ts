import { tf } from '#libraries';
import type { Batch, DataSet } from '../contracts/data.js';
import type { Network } from '../contracts/network.js';
import { askBatch } from '../data/ask.js';
import { TemperError } from '../errors.js';
import { reasonOf } from '../reason.js';
import { onlyTensor } from './ask-logits.js';

/** Returns a few samples on which networks are tried before training. */
export async function sampleOf(data: DataSet): Promise<Batch> {
  return askBatch(
    data,
    Int32Array.from({ length: Math.min(2, data.size) }, (_, i) => i),
  );
}

/** Returns samples from the whole data set, enough to recognize the kind of outputs of a network. */
export async function probeOf(data: DataSet): Promise<Batch> {
  const count = Math.min(16, data.size);
  return askBatch(
    data,
    Int32Array.from({ length: count }, (_, i) => Math.floor((i * data.size) / count)),
  );
}

/** Tries a network on samples: it must give one row of logits for each label, with the number of classes of the data. */
export function checkNetwork(network: Network, sample: Batch, classes: number, path: string): void {
  const shape = shapeOf(network, sample, path);
  const expected = [...sample.labels.shape, classes];
  const given = shape[shape.length - 1];
  if (shape.length === expected.length && given !== classes && shape.slice(0, -1).every((size, i) => size === expected[i])) {
    throw new TemperError({
      code: 'model/invalid',
      path,
      message: `has ${given} ${given === 1 ? 'class' : 'classes'}, the data ${classes}`,
      hint: given === 1 && classes === 2 ? oneUnit : `${sameClasses}: its last layer needs ${classes} units here.`,
    });
  }
  if (shape.join() !== expected.join()) {
    throw new TemperError({
      code: 'model/invalid',
      path,
      message:
        `gives logits of shape [${shape.join(', ')}] for ${sample.labels.shape.join('×')} samples of ${classes} classes; ` +
        `expected [${expected.join(', ')}]`,
      ...(shape.join() === sample.labels.shape.join() && classes === 2 ? { hint: oneUnit } : {}),
    });
  }
}

const sameClasses = 'Teacher, student and data must have the same classes in the same order';

/** The hint for a network that gives one number for two classes. */
const oneUnit =
  'A single unit with the logit z is equivalent to the two logits 0 and z. In code: (inputs) => { const z = …; return ' +
  'tf.concat([tf.zerosLike(z), z], -1); }, with z of shape [batch, 1] before its sigmoid.';

function shapeOf(network: Network, sample: Batch, path: string): readonly number[] {
  let shape: readonly number[] = [];
  try {
    tf.tidy(() => {
      shape = onlyTensor(network.logits(sample.inputs, { training: false }), path).shape;
    });
    return shape;
  } catch (error) {
    if (error instanceof TemperError) throw error;
    const given = sample.inputs.shape.slice(1).join(', ');
    const taken = network.model?.inputs[0]?.shape
      ?.slice(1)
      .map((size) => size ?? 'any')
      .join(', ');
    throw new TemperError({
      code: 'model/invalid',
      path,
      message:
        taken === undefined || taken === given
          ? `cannot run on inputs of shape [${given}]: ${reasonOf(error)}`
          : `takes inputs of shape [${taken}], the data gives [${given}]`,
      hint: 'The network must fit the shape of the data.',
      cause: error,
    });
  }
}
