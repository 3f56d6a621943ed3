import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle, ended, start } from '../testing/child.js';
import { readJson, temporaryFolder } from '../testing/temporary.js';

// Beside the packages that the program imports.
const place = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
let programs: string;
let program: string;
beforeAll(async () => {
  await mkdir(place, { recursive: true });
  programs = await mkdtemp(join(place, 'train-run-'));
  program = await bundle('./train-run.ts', programs, [/^@tensorflow\//]);
});
afterAll(() => rm(programs, { recursive: true, force: true }));

/** Goes on with the run until it ends, killing it again and again; gives the number of times. */
async function finishInSpiteOf(kills: number, runs: string): Promise<number> {
  for (let killed = 0; ; killed++) {
    const child = start(program, [runs, 'killed', killed === 0 ? '' : 'resume']);
    const end = ended(child);
    // Not before it has saved once more, so that every start brings the run on.
    if (killed < kills) child.stdout?.once('data', () => setTimeout(() => child.kill('SIGKILL'), Math.random() * 150));
    const { code, signal, stderr } = await end;
    if (signal === 'SIGKILL') continue;
    expect(code, stderr).toBe(0);
    return killed;
  }
}

test('a run that is killed again and again ends with the same bits, and the same records, as one that is not', { timeout: 600_000 }, async () => {
  const runs = await temporaryFolder();
  const { code, stderr } = await ended(start(program, [runs, 'whole']));
  expect(code, stderr).toBe(0);
  expect(await finishInSpiteOf(10, runs)).toBeGreaterThan(2);

  const read = (run: string, file: string): Promise<Buffer> => readFile(join(runs, run, file));
  for (const file of ['student/weights.bin', 'student/model.json', 'teacher/weights.bin'])
    expect((await read('killed', file)).equals(await read('whole', file)), file).toBe(true);
  const summary = async (run: string) => (await readJson(join(runs, run, 'summary.json'))) as { test: unknown; chosen: unknown; steps: unknown };
  const [whole, killed] = [await summary('whole'), await summary('killed')];
  expect([killed.test, killed.chosen, killed.steps]).toEqual([whole.test, whole.chosen, whole.steps]);
  const evaluations = async (run: string): Promise<unknown[]> =>
    (await read(run, 'metrics.jsonl'))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type?: string })
      .filter(({ type }) => type === 'evaluation');
  expect(await evaluations('killed')).toEqual(await evaluations('whole'));
});
