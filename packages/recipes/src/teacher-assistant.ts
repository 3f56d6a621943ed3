import { defineRecipe, limits } from '@temper/core';
import { z } from 'zod';
import { count, part, shared, softShare, temperature } from './options.js';

/**
 * A chain of networks of decreasing size: each assistant is distilled from the network before it, and the last assistant teaches the
 * student. This helps where the teacher is much larger than the student.
 *
 * `teacher` is the config of a teacher, `assistants` are models from large to small. The assistants are saved under the names
 * `assistant-1`, `assistant-2` and so on.
 *
 * Source: 1902.03393.
 * @example
 * const assistants = [{ type: 'mlp', hidden: [128] }];
 * kit.run({ recipe: { type: 'teacher-assistant', teacher: { model: { type: 'cnn' } }, assistants }, data, student })
 */
export const teacherAssistant = defineRecipe({
  type: 'teacher-assistant',
  options: (ref) =>
    z.strictObject({
      teacher: part,
      assistants: z.array(ref.model).min(1).max(limits.generations),
      temperature: temperature.default(4),
      soft: softShare.default(0.7),
      assistantEpochs: count.default(10),
      epochs: count.default(10),
    }),
  create: ({ teacher, assistants, temperature, soft, assistantEpochs, epochs }) => {
    const distilled = { temperature, weighting: shared(soft), epochs: assistantEpochs };
    const chain = assistants.reduce<Record<string, unknown>>(
      (above, model, i) => ({ name: `assistant-${i + 1}`, distilled: { ...distilled, teacher: above, student: { model } } }),
      teacher,
    );
    return { teacher: chain, temperature, weighting: shared(soft), epochs };
  },
});
