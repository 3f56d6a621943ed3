import * as tf from '@tensorflow/tfjs-node';
import { readdirSync, readFileSync } from 'node:fs';
import { arrayDataSet, createKit, createRandom, defineRecipe, stagesOf, type DataSplits, type Reporter, type RunEvent } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
import { schedules } from '@temper/schedules';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { recipes } from './index.js';

const kit = createKit({ plugins: [schedules, losses, models, recipes] });
const mlp = (...hidden: number[]) => ({ type: 'mlp', hidden }) as const;

const cnn = (...channels: number[]) => ({ type: 'cnn', channels, kernel: 1, dense: [] }) as const;

/** Samples of 16 numbers, or images of them. */
function data(inputShape: number[]): DataSplits {
  const part = (name: string, size: number) => {
    const stream = createRandom(3).stream(name);
    const labels = Int32Array.from({ length: size }, (_, i) => i % 3);
    const inputs = Float32Array.from(
      { length: size * 16 },
      (_, i) => (i % 4 === (labels[i >> 4] as number) ? 2 : 0) + 0.5 * stream.normal(),
    );
    return arrayDataSet({ inputs, labels, inputShape, classes: 3 });
  };
  return { train: part('train', 48), validation: part('validation', 24), test: part('test', 24) };
}

/** Every recipe at its smallest size, and the stages that it must train. */
const examples = [
  [{ type: 'classic', epochs: 1 }, { teacher: { model: mlp(8), train: { epochs: 1 } } }, ['teacher', 'student']],
  [{ type: 'seed', epochs: 1 }, { teacher: { model: mlp(8), train: { epochs: 1 } } }, ['teacher', 'student']],
  [
    { type: 'annealing-kd', epochs: 2, fineTune: 1 },
    { teacher: { model: mlp(8), train: { epochs: 1 } } },
    ['teacher', 'regression', 'labels'],
  ],
  [{ type: 'dkd-warm-up', warmUp: 1, epochs: 2 }, { teacher: { model: mlp(8), train: { epochs: 1 } } }, ['teacher', 'student']],
  [
    {
      type: 'teacher-assistant',
      teacher: { model: mlp(16), train: { epochs: 1 } },
      assistants: [mlp(8), mlp(6)],
      assistantEpochs: 1,
      epochs: 1,
    },
    {},
    ['teacher', 'assistant-1', 'assistant-2', 'student'],
  ],
  [{ type: 'born-again', model: mlp(4), generations: 3, epochs: 1 }, { student: undefined }, ['generation-1', 'generation-2', 'student']],
  [{ type: 'route-constrained', model: mlp(8), anchors: [1, 2], epochsEach: 1 }, {}, ['teacher', 'as after epoch 1', 'as after epoch 2']],
  [
    {
      type: 'multi-teacher',
      teachers: [
        { model: mlp(8), train: { epochs: 1 }, name: 'one' },
        { model: mlp(6), train: { epochs: 1 }, name: 'two' },
      ],
      combine: 'confidence',
      epochs: 1,
    },
    {},
    ['one', 'two', 'student'],
  ],
  [
    { type: 'fitnets', hintEpochs: 1, epochs: 1 },
    { teacher: { model: mlp(8), train: { epochs: 1 } } },
    ['teacher', 'hints', 'distillation'],
  ],
  [
    { type: 'attention-transfer', epochs: 1 },
    { teacher: { model: cnn(4), train: { epochs: 1 } }, student: { model: cnn(3) } },
    ['teacher', 'student'],
  ],
  [{ type: 'rkd', epochs: 1 }, { teacher: { model: mlp(8), train: { epochs: 1 } } }, ['teacher', 'student']],
  [
    { type: 'similarity-preserving', layers: 'penultimate', epochs: 1 },
    { teacher: { model: mlp(8), train: { epochs: 1 } } },
    ['teacher', 'student'],
  ],
  [{ type: 'pkt', epochs: 1 }, { teacher: { model: mlp(8), train: { epochs: 1 } } }, ['teacher', 'student']],
  [{ type: 'crd', dimension: 8, epochs: 1 }, { teacher: { model: mlp(8), train: { epochs: 1 } } }, ['teacher', 'student']],
  [
    { type: 'multi-level-logits', temperatures: [2, 4], epochs: 1 },
    { teacher: { model: mlp(8), train: { epochs: 1 } } },
    ['teacher', 'student'],
  ],
] as const;

describe('recipes', () => {
  test.each(examples)('recipe %j trains the expected stages', async (recipe, own, expected) => {
    const seen: string[] = [];
    const reporter: Reporter = {
      name: 'stages',
      report: (event: RunEvent) => void (event.type === 'stage-start' && seen.push(event.stage)),
    };
    await expectNoLeakedTensors(async () => {
      const config = { seed: 1, batchSize: 16, student: { model: mlp(4) }, ...own, recipe };
      const {
        student,
        teacher,
        test: metrics,
      } = await kit.run(config as never, { data: data(recipe.type === 'attention-transfer' ? [4, 4, 1] : [16]), reporters: [reporter] });
      expect(metrics['accuracy']).toBeGreaterThan(0);
      student.dispose();
      teacher?.dispose();
    });
    expect(seen).toEqual(expected);
  });

  test('options of the config override a recipe, and the result is a plain config', () => {
    const parsed = kit.parse({ recipe: { type: 'seed', from: 8 }, epochs: 3, teacher: { from: 'x' } });
    expect(parsed).toMatchObject({ epochs: 3, temperature: { type: 'linear', from: 8, to: 1 }, weighting: { soft: 0.7 } });
    expect(parsed).not.toHaveProperty('recipe');
    expect(kit.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
  });

  test('the temperature of annealing-kd falls by one each epoch and ends at 1', () => {
    const [plan] = stagesOf(kit.parse({ recipe: { type: 'annealing-kd', maxTemperature: 4, epochs: 4 } }), true);
    const temperature = kit.schedule(plan?.temperature as never);
    const values = Array.from({ length: 12 }, (_, step) => temperature({ step, total: 12, stepsPerEpoch: 3 }));
    expect(values.map(Math.round)).toEqual([4, 4, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1]);
    expect(new Set(values).size).toBe(4);
    expect([values[0], values[11]]).toEqual([4, 1]);
  });

  test.each([
    [{ type: 'clasic' }, 'recipe.type: unknown recipe "clasic"; did you mean "classic"?'],
    [{ type: 'seed', soft: 2 }, 'recipe.soft: must be a finite number at most 1, got 2'],
    [{ type: 'born-again', model: { type: 'mlp', hiden: [3] } }, 'recipe.model.hiden: unknown option "hiden"; did you mean "hidden"?'],
    [{ type: 'multi-teacher', teachers: [{ from: 'a' }] }, 'recipe.teachers: must have at least 2 entries, got 1'],
    [{ type: 'teacher-assistant', teacher: {}, assistants: [mlp(3)] }, 'teacher.distilled.teacher: must be exactly one of'],
    [
      { type: 'teacher-assistant', teacher: { model: mlp(3) }, assistants: Array.from({ length: 21 }, () => mlp(3)) },
      'recipe.assistants: must have at most 20 entries, got 21',
    ],
  ])('recipe %j is refused', (recipe, message) => {
    expect(() => kit.parse({ recipe })).toThrow(message);
  });

  test("a plug-in's recipe that nests too deeply or returns a circle is refused", () => {
    const nested = (levels: number): object => (levels === 0 ? { model: mlp(3) } : { ensemble: [nested(levels - 1)] });
    const circle = { ensemble: [] as unknown[] };
    circle.ensemble.push(circle);
    for (const [result, message] of [
      [{ teacher: nested(1500) }, 'levels of objects and lists'],
      [{ teacher: circle }, 'contains itself'],
    ] as const) {
      const odd = defineRecipe({ type: 'odd', options: z.strictObject({}), create: () => result as never });
      const own = createKit({ plugins: [losses, models, schedules, odd] });
      expect(() => own.parse({ recipe: { type: 'odd' } } as never)).toThrow(message);
    }
  });

  test('the index, the guide and the JSON Schema list every recipe', () => {
    const folder = new URL('.', import.meta.url);
    const helpers = ['index', 'options'];
    const files = readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => name.slice(0, -3))
      .filter((name) => !helpers.includes(name));
    const guide = readFileSync(new URL('../../../docs/recipes.md', import.meta.url), 'utf8');
    const schema = JSON.stringify(kit.jsonSchema());
    expect(recipes.provides.map(({ type }) => type).sort()).toEqual(files.sort());
    for (const type of files) {
      expect(guide).toContain(`| \`${type}\` |`);
      expect(schema).toContain(`"const":"${type}"`);
    }
    expect(tf.getBackend()).toBe('tensorflow');
  });
});
