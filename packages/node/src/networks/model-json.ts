import type { io } from '@tensorflow/tfjs-core';
import { z } from 'zod';

const count = z.int().min(0);
const weight = z.looseObject({
  name: z.string(),
  shape: z.array(count),
  dtype: z.enum(['float32', 'int32', 'bool', 'string', 'complex64']),
  quantization: z
    .looseObject({ dtype: z.enum(['uint8', 'uint16', 'float16']), scale: z.number().optional(), min: z.number().optional() })
    .optional(),
});
const object = z.looseObject({});

/** The schema of the parts of a model.json that are read, as tfjs and its converter write them. */
const model = z.looseObject({
  modelTopology: z.union([
    z.looseObject({
      node: z.array(z.looseObject({ name: z.string(), op: z.string(), input: z.array(z.string()).optional(), attr: object.optional() })),
    }),
    z.looseObject({ model_config: z.union([object, z.string()]) }),
    z.looseObject({ class_name: z.string(), config: z.union([object, z.array(object)]) }),
    object.refine((topology) => !('node' in topology) && !('model_config' in topology) && !('class_name' in topology)),
  ]),
  weightsManifest: z
    .array(z.looseObject({ paths: z.array(z.string().min(1)), weights: z.array(weight) }))
    .superRefine((groups, context) => {
      const seen = new Set<string>();
      const twice = groups.flatMap(({ weights }) => weights).find(({ name }) => seen.size === seen.add(name).size);
      // Of two weights with one name, one would be used, and the other would stay in memory.
      if (twice !== undefined) context.addIssue({ code: 'custom', message: `lists the weight ${JSON.stringify(twice.name)} twice` });
    }),
  format: z.string().nullish(),
  signature: z
    .looseObject({
      outputs: z
        .record(
          z.string(),
          z.looseObject({
            name: z.string(),
            tensorShape: z.looseObject({ dim: z.array(z.looseObject({ size: z.union([z.string(), z.number()]) })).optional() }).optional(),
          }),
        )
        .optional(),
    })
    .nullish(),
  userDefinedMetadata: object.nullish(),
  modelInitializer: object.nullish(),
});

/** Returns the content of a model.json, or the path at which it is not a model and the expected value. */
export function readModelJson(content: unknown): io.ModelJSON | { readonly path: string; readonly expected: string } {
  const read = model.safeParse(content);
  if (read.success) return content as io.ModelJSON;
  const [issue] = read.error.issues;
  return { path: issue?.path.join('.') ?? '', expected: issue?.message ?? 'is not valid' };
}
