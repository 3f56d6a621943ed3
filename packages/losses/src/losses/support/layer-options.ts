import { TemperError, type Refs, type Schedule } from '@temper/core';
import { z } from 'zod';

/** A rule that chooses the layers of both networks. */
export type LayerRule = 'depth' | 'penultimate' | { readonly every: number } | { readonly last: number };

/** The compared layers: pairs by name, or a rule. */
export type LayerMap = readonly (readonly [student: string, teacher: string])[] | LayerRule;

/** The options of every loss on layers. */
export interface LayerOptions {
  readonly student?: string | undefined;
  readonly teacher?: string | undefined;
  readonly layers?: LayerMap | undefined;
  readonly weights?: readonly Schedule[] | undefined;
}

const layerName = z.string().min(1);
const count = z.int().min(1).max(1000);
const pairs = z
  .array(z.tuple([layerName, layerName]))
  .min(1)
  .max(1000);
const example = '[["block_1", "block_3"]], { "every": 2 }, { "last": 2 }, "depth" or "penultimate"';

/**
 * Options that name the compared layers. `student` and `teacher` name one pair; `layers` is a list of pairs or a rule over the blocks of
 * both networks; `weights` has one schedule for each pair.
 */
export const layerOptions = (ref: Refs) => ({
  student: layerName.optional().describe("name of the student's layer, for a single pair"),
  teacher: layerName.optional().describe("name of the teacher's layer, for a single pair"),
  layers: z
    .union([pairs, z.strictObject({ every: count }), z.strictObject({ last: count }), z.enum(['depth', 'penultimate'])], {
      error: `must be pairs of layers (student first) or a rule: ${example}`,
    })
    .optional()
    .describe('pairs of layers [student, teacher], or a rule that chooses them'),
  weights: z.array(ref.schedule).min(1).max(1000).optional().describe('weight of each pair of layers; default 1'),
});

/**
 * Returns the layer map of a loss.
 * @param usual The map where the options name no layers; without it, layers are required.
 * @throws TemperError where the options name no layers, half a pair, or both a pair and a map.
 */
export function layerMapOf({ student, teacher, layers }: LayerOptions, usual?: LayerMap): LayerMap {
  if (layers !== undefined) {
    if (student === undefined && teacher === undefined) return isNamed(layers) ? withoutDoubles(layers) : layers;
    throw invalid(
      'layers',
      'not allowed together with `student` and `teacher`',
      'Name every pair in layers, or a single pair in student and teacher.',
    );
  }
  if (student !== undefined && teacher !== undefined) return [[student, teacher]];
  if (student === undefined && teacher === undefined) {
    if (usual !== undefined) return usual;
    throw invalid('layers', `is missing; it must be pairs of layers (student first) or a rule: ${example}`);
  }
  throw student === undefined
    ? invalid('student', 'is missing; `teacher` names one layer of a pair', "Name the student's layer as well.")
    : invalid('teacher', 'is missing; `student` names one layer of a pair', "Name the teacher's layer as well.");
}

/** Refuses a pair that occurs twice: a weight of 2 has the same effect. */
function withoutDoubles<P extends readonly (readonly [string, string])[]>(pairs: P): P {
  const first = new Map<string, number>();
  pairs.forEach((pair, i) => {
    const earlier = first.get(JSON.stringify(pair));
    if (earlier !== undefined)
      throw invalid(
        `layers[${i}]`,
        `names the same layers as layers[${earlier}]`,
        'Name each pair once, and use weights to count it more.',
      );
    first.set(JSON.stringify(pair), i);
  });
  return pairs;
}

/** Checks that there is one weight for each pair. */
export function checkWeights(weights: readonly Schedule[] | undefined, pairs: readonly unknown[]): void {
  if (weights === undefined || weights.length === pairs.length) return;
  throw invalid(
    'weights',
    `must have one entry for each pair of layers, ${pairs.length}, got ${weights.length}`,
    'Leave weights out for a weight of 1 for each pair.',
  );
}

/** Returns whether a map names its layers. */
export const isNamed = (map: LayerMap): map is readonly (readonly [string, string])[] => Array.isArray(map);

const invalid = (path: string, message: string, hint?: string): TemperError =>
  new TemperError({ code: 'config/invalid', path, message, ...(hint === undefined ? {} : { hint }) });
