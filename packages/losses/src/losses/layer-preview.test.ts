import '@tensorflow/tfjs-node';
import { createKit } from '@temper/core';
import { expectNoLeakedTensors } from '@temper/testing';
import { expect, test } from 'vitest';
import { losses } from '../index.js';
import { blobs, network } from '../testing/small-run.js';

const kit = createKit({ plugins: [losses] });
const hints = { type: 'fitnets', layers: [['hidden', 'hidden']], weights: [0.5] } as const;

test('kit.layers lists the pairs of a run with networks in code, trains nothing and leaves no tensor', async () => {
  await expectNoLeakedTensors(async () => {
    const [teacher, student] = [network('teacher', 8), network('student', 4)];
    const before = student.parameters[0]?.dataSync().slice();
    const config = { losses: { hints }, weighting: { hints: 1 }, batchSize: 20, temperature: 2 };
    expect(await kit.layers(config, { data: blobs(), teacher, student })).toEqual([
      {
        network: 'student',
        stage: 'student',
        loss: 'hints',
        student: { name: 'hidden', shape: [4] },
        teacher: { name: 'hidden', shape: [8] },
        projector: 4 * 8 + 8,
        weight: [[0, 0.5]],
      },
    ]);
    expect(student.parameters[0]?.dataSync()).toEqual(before);
    await expect(kit.layers({ ...config, batchSize: 1000 }, { data: blobs(), teacher, student })).rejects.toThrow(
      'batchSize: must be at most',
    );
    teacher.dispose();
    student.dispose();
  });
});
