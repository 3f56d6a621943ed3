import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { folderWith } from '../testing/temper.js';
import { quick } from '../testing/quick.js';

const config = {
  data: { type: 'digits', train: 80, validation: 20, test: 20 },
  teacher: { model: { type: 'cnn', channels: [6, 8, 8], dense: [12] }, train: { epochs: 1 } },
  student: { model: { type: 'cnn', channels: [4, 8], dense: [] } },
  losses: {
    hard: { type: 'cross-entropy' },
    hints: {
      type: 'fitnets',
      layers: [
        ['pool_1', 'pool_1'],
        ['pool_2', 'pool_2'],
      ],
      weights: [
        { type: 'linear', from: 1, to: 0 },
        { type: 'one-cycle', from: 0, peak: 2, to: 0 },
      ],
    },
    relations: { type: 'rkd' },
    contrast: { type: 'crd', dimension: 8 },
  },
  weighting: { hard: 1, hints: 1, relations: 1, contrast: 1 },
  epochs: 2,
};
const folder = (changes: object = {}): Promise<string> => folderWith({ 'temper.config.json': { ...config, ...changes } });

test('preview --layers shows the pairs of layers as a table, and trains nothing', async () => {
  const where = await folder();
  const { status, stdout, stderr } = await quick(['preview', '--layers'], where);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.trimEnd().split('\n')).toEqual([
    '  loss       student  shape    teacher  shape    projector  weight',
    '  hints      pool_1   14×14×4  pool_1   14×14×6         30  1 → 0',
    '  hints      pool_2   7×7×8    pool_2   7×7×8            –  0 → 0 (0 to 1.989)',
    '  relations  flatten  392      dense_1  12               –  1',
    '  contrast   flatten  392      dense_1  12           3,248  1',
  ]);
  expect(await readdir(where)).toEqual(['temper.config.json']);
});

test('preview --layers prints JSON with the weights of every stage', async () => {
  const stages = [
    { name: 'first', epochs: 1, losses: { hint: { type: 'fitnets', layers: { last: 1 }, weights: [0] } }, weighting: { hint: 1 } },
    { name: 'second', epochs: 1, losses: { map: { type: 'attention-transfer', layers: [['pool_1', 'pool_1']] } }, weighting: { map: 1 } },
  ];
  const mlps = {
    teacher: { model: { type: 'mlp', hidden: [6] }, train: { epochs: 1 } },
    student: { model: { type: 'mlp', hidden: [5, 4] } },
  };
  const where = await folder({ ...mlps, losses: undefined, weighting: undefined, epochs: undefined, stages: stages.slice(0, 1) });
  const { stdout } = await quick(['preview', '--layers', '--json'], where);
  expect(JSON.parse(stdout)).toEqual({
    layers: [
      {
        network: 'student',
        stage: 'first',
        loss: 'hint',
        student: { name: 'hidden_2', shape: [4] },
        teacher: { name: 'hidden_1', shape: [6] },
        projector: 30,
        weight: [[0, 0]],
      },
    ],
  });
  const both = await folder({
    losses: undefined,
    weighting: undefined,
    epochs: undefined,
    stages: [{ ...stages[1], name: 'early' }, stages[1]],
  });
  const shown = await quick(['preview', '--layers'], both);
  expect(shown.stdout).toContain('  student/early   map   pool_1   14×14×4  pool_1   14×14×6          –  1');
  expect(shown.stdout).toContain('  student/second  map ');
});

test.each<[string, object, readonly string[], string]>([
  [
    'an unknown layer',
    { losses: { hint: { type: 'fitnets', layers: [['pol_1', 'pool_1']] } }, weighting: { hint: 1 } },
    [],
    'losses.hint.layers[0][0]: unknown layer of the student "pol_1"; did you mean "pool_1"?',
  ],
  [
    'shapes that do not fit',
    { losses: { hint: { type: 'fitnets', layers: [['pool_1', 'pool_3']] } }, weighting: { hint: 1 } },
    [],
    'losses.hint.layers[0]: the student\'s layer "pool_1" gives [14, 14, 4] for a sample, the teacher\'s "pool_3" [3, 3, 8]',
  ],
  ['a picture', {}, ['--svg', 'layers.svg'], '--svg is not allowed together with --layers'],
  ['a length', {}, ['--steps-per-epoch', '10'], '--steps-per-epoch is not allowed together with --layers'],
])('preview --layers refuses %s', async (_, changes, flags, message) => {
  const { status, stderr } = await quick(['preview', '--layers', ...flags], await folder(changes));
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});

test('preview --layers says where no loss compares layers', async () => {
  const { status, stdout } = await quick(['preview', '--layers'], await folder({ losses: undefined, weighting: undefined }));
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'No loss of this run compares layers.\n' });
});
