import { describe, expect, test } from 'vitest';
import { progressive, repeat, stage, withTeacher } from './compose.js';
import type { RunConfig } from './run-config.js';
import { stagesOf } from './stage-plan.js';

const run = (stages: unknown): RunConfig => ({
  seed: 0,
  batchSize: 64,
  accumulate: 1,
  keep: 'best',
  evaluateEvery: { epochs: 1 },
  deterministic: false,
  checkpoints: { every: { epochs: 1 }, keep: 2 },
  stages: stages as never,
});

describe('stages composed in code', () => {
  const broad = stage('broad', { epochs: 2, temperature: 8 });
  const focus = stage('focus', { steps: 5 });

  test('stages composed in code equal stages written in JSON', () => {
    const code = progressive([broad, repeat(2, [focus, broad]), withTeacher({ from: 'x' }, focus)]);
    const json = [broad, { repeat: 2, stages: [focus, broad] }, { teacher: { from: 'x' }, stages: [focus] }];
    expect(JSON.parse(JSON.stringify(code))).toEqual(JSON.parse(JSON.stringify(json)));
    const plans = stagesOf(run(code), true);
    expect(plans.map(({ name, index }) => `${index} ${name}`)).toEqual(['0 broad', '1 focus', '2 broad', '3 focus', '4 broad', '5 focus']);
    expect(plans[5]?.teacher).toEqual({ from: 'x' });
    expect(plans[5]?.paths.teacher).toEqual(['stages', 2, 'teacher']);
    expect(plans[2]?.path).toEqual(['stages', 1, 'stages', 1]);
  });

  test('nested stages inherit from their enclosing stage before the run', () => {
    const inner = stage('inner', { epochs: 1 });
    const [plan] = stagesOf(
      {
        ...run([{ temperature: 3, batchSize: 8, stages: [{ weighting: { soft: 1, hard: 1 }, stages: [inner] }] }]),
        temperature: 9,
        optimizer: { type: 'sgd' },
      },
      true,
    );
    expect(plan).toMatchObject({ temperature: 3, weighting: { soft: 1, hard: 1 }, optimizer: { type: 'sgd' }, batchSize: 8 });
    expect(plan?.paths).toMatchObject({
      temperature: ['stages', 0, 'temperature'],
      weighting: ['stages', 0, 'stages', 0, 'weighting'],
      optimizer: ['optimizer'],
      batchSize: ['stages', 0, 'batchSize'],
      accumulate: ['accumulate'],
    });
    expect(plan?.losses).toHaveProperty('soft');
  });
});
