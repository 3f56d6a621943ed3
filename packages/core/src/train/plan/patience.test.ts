import '@tensorflow/tfjs-node';
import { describe, expect, test } from 'vitest';
import { createKit } from '../../kit/kit.js';
import { basicRun, basics, blobs } from '../fixtures/basic-run.js';

const kit = createKit({ plugins: [basics] });
const model = { type: 'dense' } as const;

describe('the patience of a stop rule', () => {
  const base = { ...basicRun, teacher: undefined, losses: { hard: { type: 'cross-entropy' } }, weighting: { hard: 1 }, temperature: 1 };
  const late = 'it is never reached before the end\n  ';
  const often = ', or evaluate more often (evaluateEvery).';
  const saidOfRun = async (changes: object): Promise<readonly string[]> => {
    const { student, teacher, warnings } = await kit.run({ ...base, ...changes } as never, { data: blobs() });
    student.dispose();
    teacher?.dispose();
    return warnings;
  };

  test.each([
    [
      { earlyStopping: { patience: 2 } },
      `earlyStopping.patience: is 2, and the training has 3 evaluations: ${late}Set it to 1 at most${often}`,
    ],
    [
      { epochs: undefined, stages: [{ epochs: 2 }, { epochs: 4, until: { patience: 3 } }] },
      `stages[1].until.patience: is 3, and stage "stage 2" has 4 evaluations: ${late}Set it to 2 at most${often}`,
    ],
    [
      { teacher: { model, train: { epochs: 1, earlyStopping: { patience: 5 } } } },
      `teacher.train.earlyStopping.patience: is 5, and the training has 1 evaluation: ${late}Train longer${often}`,
    ],
  ])('a stop rule with too much patience is reported for %j', async (changes, message) => {
    expect(await saidOfRun(changes)).toEqual([message]);
  });

  test.each([
    { earlyStopping: { patience: 1 } },
    { earlyStopping: { above: 0.999 } },
    { earlyStopping: { patience: 3 }, evaluateEvery: { steps: 2 } },
    { epochs: undefined, stages: [{ epochs: 2 }, { epochs: 2 }], earlyStopping: { patience: 2 } },
  ])('no warning appears for %j', async (changes) => {
    expect(await saidOfRun(changes)).toEqual([]);
  });
});
