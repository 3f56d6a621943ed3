import { describe, expect, test } from 'vitest';
import { basicRun, basics } from '../train/fixtures.js';
import { createKit } from './kit.js';

const kit = createKit({ plugins: [basics] });
const model = { type: 'dense' } as const;
const parse = (changes: object): unknown => kit.parse({ ...basicRun, ...changes });
const rule = (metric: string) => ({ metric, patience: 1 });

describe('metrics of stop rules', () => {
  test.each([
    [{ earlyStopping: rule('acuracy') }, 'earlyStopping.metric: unknown metric "acuracy"; did you mean "accuracy"?'],
    [{ epochs: undefined, stages: [{ epochs: 1 }, { epochs: 1, until: rule('agreemnt') }] }, 'stages[1].until.metric: unknown metric "agreemnt"; did you mean "agreement"?'],
    [{ epochs: undefined, stages: [{ repeat: 2, stages: [{ epochs: 1, until: rule('x') }] }] }, 'stages[0].stages[0].until.metric: unknown metric "x"'],
    [{ teacher: { model, train: { earlyStopping: rule('kl') } } }, 'teacher.train.earlyStopping.metric: unknown metric "kl"'],
    [{ teacher: { model, train: { stages: [{ epochs: 1, until: rule('nl') }] } } }, 'teacher.train.stages[0].until.metric: unknown metric "nl"; did you mean "nll"?'],
    [{ teacher: { distilled: { teacher: { model, train: { earlyStopping: rule('kl') } }, student: { model } } } }, 'teacher.distilled.teacher.train.earlyStopping.metric'],
    [{ teacher: { distilled: { teacher: { model }, student: { model }, earlyStopping: rule('agrement') } } }, 'teacher.distilled.earlyStopping.metric: unknown metric "agrement"; did you mean "agreement"?'],
    [{ teacher: { ensemble: [{ model }, { model, train: { earlyStopping: rule('kl') } }] } }, 'teacher.ensemble[1].train.earlyStopping.metric'],
    [{ epochs: undefined, stages: [{ epochs: 1, teacher: { model, train: { earlyStopping: rule('kl') } } }] }, 'stages[0].teacher.train.earlyStopping.metric'],
    [{ earlyStopping: { metric: 'accuracy', above: 95 } }, 'earlyStopping.above: must be below 1, or it is never reached, got 95'],
    [{ earlyStopping: { metric: 'nll', below: 0 } }, 'earlyStopping.below: must be above 0, or it is never reached, got 0'],
  ])('%j are refused with the config', (changes, message) => {
    expect(() => parse(changes)).toThrow(message);
  });

  test('a metric that compares with a teacher says that there is none', () => {
    expect(() => parse({ teacher: { model, train: { earlyStopping: rule('agreement') } } })).toThrow('"agreement" compares with a teacher, and this training has none.');
  });

  test.each(['accuracy', 'nll', 'brier', 'ece', 'agreement', 'kl'])('%s is a metric of the student', (metric) => {
    expect(() => parse({ earlyStopping: rule(metric) })).not.toThrow();
    expect(() => parse({ teacher: { distilled: { teacher: { model }, student: { model }, earlyStopping: rule(metric) } } })).not.toThrow();
  });
});
