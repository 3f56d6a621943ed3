import { createKit, Tokens } from '@temper/core';
import { comparisonSchema, type Variant } from '@temper/experiments';
import { expect, test } from 'vitest';
import { withStandard } from '../standard.js';
import { planComparison, type ComparisonPlan } from './plan.js';

const kit = createKit({ plugins: withStandard([], []) });
const base = {
  data: { type: 'digits', train: 20, validation: 10, test: 10 },
  teacher: { model: { type: 'cnn' } },
  student: { model: { type: 'mlp' } },
};

function planOf(config: object, comparison: object = {}): { readonly plan: ComparisonPlan; readonly first: Variant } {
  const plan = planComparison({
    kit,
    given: config,
    base: kit.container(config as never).get(Tokens.Config),
    comparison: comparisonSchema.parse({ name: 'alone', variants: { warm: { temperature: 4 } }, ...comparison }),
    placeOf: (job) => `runs/${job}/student`,
  });
  return { plan, first: plan.variants[0] as Variant };
}

test('the student alone has no teacher to wait for where no metric compares with one', () => {
  const { plan, first } = planOf({ ...base, metrics: [{ type: 'accuracy' }] });
  const [alone, other] = [plan.runsOf([first])[0], plan.runsOf(plan.variants.slice(1))[0]];
  expect(first.name).toBe('student alone');
  expect(alone?.after).toEqual([]);
  expect(alone?.config).not.toHaveProperty('teacher');
  expect(other?.after).toEqual(['teacher/seed-0']);
});

test.each([{}, { metrics: [{ type: 'accuracy' }, { type: 'agreement' }] }])(
  'the student alone has the teacher for metrics that compare with it: %o',
  (metrics) => {
    const { plan, first } = planOf({ ...base, ...metrics });
    expect(plan.runsOf([first])[0]?.after).toEqual(['teacher/seed-0']);
  },
);

test('the student alone learns from labels in stages that have a distillation of their own', () => {
  const soft = { losses: { soft: { type: 'kl' }, hard: { type: 'cross-entropy' } }, weighting: { soft: 0.9, hard: 0.1 } };
  const stages = [
    { name: 'warm', epochs: 2, temperature: 8, ...soft },
    { name: 'cold', epochs: 3, weighting: { soft: 0.1, hard: 0.9 }, losses: soft.losses, batchSize: 5 },
  ];
  const { plan, first } = planOf({ ...base, stages });
  const found = plan.configOf(first).stages;
  expect(found).toMatchObject([
    { name: 'warm', epochs: 2 },
    { name: 'cold', epochs: 3, batchSize: 5 },
  ]);
  expect(JSON.stringify(found)).not.toContain('soft');
});

test("a user's own variant of this name stays as it is written", () => {
  const stages = [{ name: 'warm', epochs: 2, temperature: 8 }];
  const { plan, first } = planOf(
    { ...base, metrics: [{ type: 'accuracy' }], stages },
    { studentAlone: false, variants: { 'student alone': {} } },
  );
  expect(plan.configOf(first)).toMatchObject({ teacher: base.teacher, stages });
});
