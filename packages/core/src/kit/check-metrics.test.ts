import { describe, expect, test } from 'vitest';
import { inject, injectable } from 'inversify';
import { z } from 'zod';
import type { Metrics } from '../contracts/schedule.js';
import { basicRun, basics } from '../train/fixtures/basic-run.js';
import { definePlugin, defineTemperature, defineWeighting } from './define.js';
import { createKit } from './kit.js';
import { token, Tokens } from './tokens.js';

/** A temperature that divides what it watches, and never looks whether it is there. */
@injectable()
class Following {
  constructor(@inject(Tokens.Options) private readonly options: { readonly watched: readonly string[] }) {}
  readonly scalars = (): { value: number } => ({ value: 2 });
  get state() {
    const { watched } = this.options;
    return {
      initial: { last: 1 },
      observe: (_: unknown, seen: Metrics) => ({ last: watched.reduce((product, name) => product * (seen[name] as number), 1) }),
    };
  }
}
const following = defineTemperature({
  type: 'following',
  options: z.strictObject({ watched: z.array(z.string()), note: z.string().default('as is') }),
  class: Following,
});

const Missing = token<() => number>('test.Missing');
@injectable()
class Needing {
  constructor(@inject(Missing) readonly missing: () => number) {}
  readonly scalars = (): { value: number } => ({ value: this.missing() });
}
const needing = defineTemperature({ type: 'needing', options: z.strictObject({}), class: Needing });

/** A weighting that watches a metric, or a number of its own, `own`. */
const swaying = defineWeighting({
  type: 'swaying',
  options: z.strictObject({ metric: z.string() }),
  create: ({ metric }) => ({
    scalars: () => ({ soft: 0.5, hard: 0.5 }),
    measure: ({ scalars }) => ({ own: scalars['soft'] as never }),
    state: { initial: null, observe: (_: unknown, seen: Metrics) => seen[metric] ?? null },
  }),
});
const kit = createKit({ plugins: [basics, definePlugin({ name: 'mine', provides: [following, needing, swaying] })] });
const model = { type: 'dense' } as const;
const parse = (changes: object): unknown => kit.parse({ ...basicRun, ...changes });
const rule = (metric: string) => ({ metric, patience: 1 });

describe('metrics of stop rules', () => {
  test.each([
    [{ earlyStopping: rule('acuracy') }, 'earlyStopping.metric: unknown metric "acuracy"; did you mean "accuracy"?'],
    [
      { epochs: undefined, stages: [{ epochs: 1 }, { epochs: 1, until: rule('agreemnt') }] },
      'stages[1].until.metric: unknown metric "agreemnt"; did you mean "agreement"?',
    ],
    [
      { epochs: undefined, stages: [{ repeat: 2, stages: [{ epochs: 1, until: rule('x') }] }] },
      'stages[0].stages[0].until.metric: unknown metric "x"',
    ],
    [{ teacher: { model, train: { earlyStopping: rule('kl') } } }, 'teacher.train.earlyStopping.metric: unknown metric "kl"'],
    [
      { teacher: { model, train: { stages: [{ epochs: 1, until: rule('nl') }] } } },
      'teacher.train.stages[0].until.metric: unknown metric "nl"; did you mean "nll"?',
    ],
    [
      { teacher: { distilled: { teacher: { model, train: { earlyStopping: rule('kl') } }, student: { model } } } },
      'teacher.distilled.teacher.train.earlyStopping.metric',
    ],
    [
      { teacher: { distilled: { teacher: { model }, student: { model }, earlyStopping: rule('agrement') } } },
      'teacher.distilled.earlyStopping.metric: unknown metric "agrement"; did you mean "agreement"?',
    ],
    [
      { teacher: { ensemble: [{ model }, { model, train: { earlyStopping: rule('kl') } }] } },
      'teacher.ensemble[1].train.earlyStopping.metric',
    ],
    [
      { epochs: undefined, stages: [{ epochs: 1, teacher: { model, train: { earlyStopping: rule('kl') } } }] },
      'stages[0].teacher.train.earlyStopping.metric',
    ],
    [{ earlyStopping: { metric: 'accuracy', above: 95 } }, 'earlyStopping.above: must be below 1, or it is never reached, got 95'],
    [{ earlyStopping: { metric: 'nll', below: 0 } }, 'earlyStopping.below: must be above 0, or it is never reached, got 0'],
  ])('metrics of stop rules in %j are refused with the config', (changes, message) => {
    expect(() => parse(changes)).toThrow(message);
  });

  test('a metric that needs a teacher is refused when there is none', () => {
    expect(() => parse({ teacher: { model, train: { earlyStopping: rule('agreement') } } })).toThrow(
      '"agreement" compares with a teacher, and this training has none.',
    );
  });

  test.each(['accuracy', 'nll', 'brier', 'ece', 'agreement', 'kl'])('%s is a metric of the student', (metric) => {
    expect(() => parse({ earlyStopping: rule(metric) })).not.toThrow();
    expect(() => parse({ teacher: { distilled: { teacher: { model }, student: { model }, earlyStopping: rule(metric) } } })).not.toThrow();
  });
});

describe('metrics of strategies', () => {
  const follow = (...watched: string[]) => ({ type: 'following', watched });
  const near = (given: string, name: string) => `unknown metric "${given}"; did you mean "${name}"?`;
  test.each([
    [{ temperature: follow('loss', 'validation.acuracy') }, `temperature.watched[1]: ${near('validation.acuracy', 'validation.accuracy')}`],
    [{ temperature: follow('acuracy', 'loss') }, `temperature.watched[0]: ${near('acuracy', 'validation.accuracy')}`],
    [{ weighting: { type: 'swaying', metric: 'validation.nl' } }, `weighting.metric: ${near('validation.nl', 'validation.nll')}`],
    [{ teacher: { model, train: { temperature: follow('los') } } }, `teacher.train.temperature.watched[0]: ${near('los', 'loss')}`],
    [
      { epochs: undefined, stages: [{ epochs: 1 }, { epochs: 1, temperature: follow('loss.sof') }] },
      `stages[1].temperature.watched[0]: ${near('loss.sof', 'loss.soft')}`,
    ],
  ])('metrics of strategies in %j are refused with the config', (changes, message) => {
    expect(() => parse(changes)).toThrow(message);
  });

  test('a teacher that learns from labels has no metric that needs a teacher', () => {
    const train = { temperature: follow('validation.agreement') };
    expect(() => parse({ teacher: { model, train } })).toThrow(
      '"validation.agreement" compares with a teacher, and this training has none.',
    );
    expect(() => parse({ temperature: follow('validation.agreement') })).not.toThrow();
  });

  test('a stage can watch the losses that it has', () => {
    const losses = { mine: { type: 'cross-entropy' } };
    const watching = { epochs: 1, temperature: follow('loss.mine') };
    const run = { ...basicRun, epochs: undefined };
    expect(() => kit.parse({ ...run, stages: [{ ...watching, losses }, { epochs: 1 }] })).not.toThrow();
    expect(() => kit.parse({ ...run, stages: [{ epochs: 1, losses }, watching] })).toThrow(
      'stages[1].temperature.watched[0]: unknown metric "loss.mine"',
    );
  });

  test('a number that a strategy measures itself is accepted', () => {
    expect(() => parse({ weighting: { type: 'swaying', metric: 'own' } })).not.toThrow();
  });

  test('a strategy whose service only the run binds is checked by the run', () => {
    expect(() => parse({ temperature: { type: 'needing' } })).not.toThrow();
  });
});
