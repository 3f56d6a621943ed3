import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, ended, start, startLimited } from '../../../../fixtures/child.js';
import { isLong } from '../../../../fixtures/long.js';
import { checkpointOf, stepOf, visible, written } from '../testing/checkpoints.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import { encodeSafetensors } from './safetensors.js';
import { readBestCheckpoint, readLatestCheckpoint } from './read-checkpoint.js';

/** How often the writing process is killed at a random moment. */
const kills = isLong ? 50 : 15;

describe('real processes', () => {
  let programs: string;
  let program: string;
  beforeAll(async () => {
    programs = await mkdtemp(join(tmpdir(), 'temper-test-'));
    program = await bundle(new URL('../testing/write-checkpoints.ts', import.meta.url), programs);
  });
  afterAll(() => rm(programs, { recursive: true, force: true }));

  /**
   * What must hold after any death: the last one that was acknowledged is there, or a later one, and so is the newest best, every fifth.
   */
  async function expectWhole(folder: string, stdout: string, before = 0): Promise<number> {
    const acknowledged = Math.max(before, ...stdout.split('\n').map(Number));
    const found = await readLatestCheckpoint(folder);
    const step = (found?.state as { step: number } | undefined)?.step ?? 0;
    expect([acknowledged, acknowledged + 1]).toContain(step);
    expect(found?.warnings ?? []).toEqual([]);
    if (found !== undefined) {
      const expected = checkpointOf(step, found.arrays['kernel']?.shape[0]);
      // Joined, since an element-by-element comparison of large arrays takes seconds.
      expect(Buffer.concat(encodeSafetensors(found.arrays)).equals(Buffer.concat(encodeSafetensors(expected.arrays)))).toBe(true);
      expect(found.state).toEqual(expected.state);
    }
    expect((await readBestCheckpoint(folder))?.state).toEqual(step < 5 ? undefined : expect.objectContaining({ step: step - (step % 5) }));
    return step;
  }

  test(`a process killed at ${kills} random moments loses no acknowledged checkpoint`, { timeout: 240_000 }, async () => {
    const folder = await temporaryFolder();
    let last = 0;
    for (let kill = 0; kill < kills; kill++) {
      const child = start(program, [folder, '100000', '100000']);
      const result = ended(child);
      child.stdout?.once('data', () => setTimeout(() => child.kill('SIGKILL'), Math.random() * 40));
      const { signal, stdout } = await result;
      expect(signal).toBe('SIGKILL');
      last = await expectWhole(folder, stdout, last);
    }
    expect(last).toBeGreaterThanOrEqual(kills);
  });

  test.each(['kill', 'ENOSPC'] as const)(
    '%s at any file operation leaves the last good checkpoint',
    { timeout: 240_000 },
    async (fault) => {
      const folder = await temporaryFolder();
      let last = 0;
      for (let at = 1; ; at++) {
        const { signal, stdout, stderr } = await ended(start(program, [folder, '1', '10', fault, String(at)]));
        last = await expectWhole(folder, stdout, last);
        const operations = Number(/of (\d+) operations/.exec(stderr)?.[1] ?? Infinity);
        if (at > operations) break;
        if (fault === 'kill') expect(signal).toBe('SIGKILL');
        else if (stdout === '') expect(stderr).toContain('the disk is full (ENOSPC)');
      }
      expect(last).toBeGreaterThan(0);
    },
  );

  test('a disk that fills up during the arrays leaves the last good checkpoint', async () => {
    const folder = await temporaryFolder();
    await written(folder, [1]);
    const { stdout, stderr } = await ended(startLimited(100, program, [folder, '1', '100000']));
    expect(stdout).toBe('');
    expect(stderr).toContain(`cannot write a checkpoint in ${folder}: it is larger than the file system or a limit allows (EFBIG)`);
    expect(await visible(folder)).toEqual(['checkpoint-000001']);
    expect(await stepOf(folder)).toBe(1);
  });
});
