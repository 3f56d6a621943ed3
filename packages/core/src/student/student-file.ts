import { z } from 'zod';
import { TemperError } from '../errors.js';
import { checkFacts, preparationSchema } from '../preparation/check-preparation.js';

/** The version of `student.json` that this Temper writes, and the newest one that it reads. */
export const studentVersion = 1;

const shape = z.array(z.int().min(1));

/** The schema of a `student.json`. */
export const studentSchema = z.strictObject({
  format: z.literal('temper-student').describe('Says that the file is a student.json.'),
  version: z.int().min(1).describe('Version of this format.'),
  name: z.string().describe('Name of the network in its run: student, teacher, …'),
  network: z.enum(['layers', 'graph', 'function']).describe('model.json of a LayersModel or GraphModel, or the weights of a function.'),
  outputs: z.literal('logits').describe('Softmax of the outputs gives probabilities.'),
  classes: z.array(z.string()).min(2).describe('Names of the classes, in the order of the logits.'),
  labelShape: shape.describe('[] for one label for each sample, [length] for one at each position.'),
  inputs: z.strictObject({
    shape: shape.describe('Shape of one sample.'),
    dtype: z.enum(['float32', 'int32']),
    names: z.array(z.string()).optional().describe('Names of the numbers of a sample, in order.'),
  }),
  preparation: preparationSchema.optional().describe('Preparation of raw inputs; absent if the data set did not declare it.'),
  preparedIn: z.enum(['network', 'outside']).describe('Whether the network takes raw inputs, or inputs that were prepared before.'),
  preparationLayers: z.array(z.string()).describe('Layers of the network that prepare its inputs.'),
  test: z.record(z.string(), z.number().nullable()).optional().describe('Metrics on the test data of its run.'),
});

/**
 * The description of a saved network in `student.json` next to its `model.json`: classes, inputs, their preparation and where it is done,
 * test figures. It is the same for a teacher.
 */
export type StudentDescription = z.output<typeof studentSchema>;

/** Returns the preparation that the network expects without its preparation layers; undefined if it is not known. */
export function preparationWithoutLayers({
  preparation,
  preparedIn,
  preparationLayers,
}: StudentDescription): StudentDescription['preparation'] {
  const takesRaw = preparedIn === 'network' && preparationLayers.length === 0;
  return preparation !== undefined && takesRaw ? { type: 'none' } : preparation;
}

/**
 * Reads and checks the text of a `student.json`.
 * @throws TemperError `model/invalid` naming the file, the place in it, and what is expected there.
 */
export function parseStudent(text: string, source: string): StudentDescription {
  const refuse = (message: string, hint: string, cause?: unknown): never => {
    throw new TemperError({ code: 'model/invalid', message: `${source}: ${message}`, hint, cause });
  };
  const again = 'It is saved with the network; copy the folder again.';
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    return refuse(text.trim() === '' ? 'is empty' : 'is not JSON, or is cut off', again, cause);
  }
  const version = (json as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > studentVersion) {
    refuse(
      `is of version ${version} of its format; this version of Temper reads up to ${studentVersion}`,
      'Use a newer version of Temper.',
    );
  }
  const parsed = studentSchema.safeParse(json);
  if (!parsed.success) return refuse(z.prettifyError(parsed.error).replace(/^✖ /gm, '').replaceAll('\n', ' '), again);
  const { inputs, classes, preparation } = parsed.data;
  try {
    checkFacts({
      inputShape: inputs.shape,
      classes: classes.length,
      ...(inputs.names && { inputNames: inputs.names }),
      ...(preparation && { preparation }),
    });
  } catch (error) {
    // The path is that of the file, not of a config.
    if (error instanceof TemperError) throw new TemperError({ code: error.code, message: `${source}: ${error.message}`, cause: error });
    throw error;
  }
  return parsed.data;
}
