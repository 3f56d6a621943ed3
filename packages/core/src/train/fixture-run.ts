// A run as the tests of the loop need it; not part of the package's API.
import { createKit } from '../kit/kit.js';
import { basicRun, basics, blobs } from './fixtures.js';
import type { RunOptions, RunResult } from '../contracts/run.js';

const kit = createKit({ plugins: [basics] });

/** A run to its end; its networks are disposed, but for those that were given, and the student's weights kept. */
export async function run(changes: object = {}, options: RunOptions = {}): Promise<{ result: Omit<RunResult, 'student' | 'teacher'>; weights: number[] }> {
  const { student, teacher, ...result } = await kit.run({ ...basicRun, ...changes }, { data: blobs(), ...options });
  const weights = student.parameters.flatMap((variable) => [...variable.dataSync()]);
  if (options.student === undefined) student.dispose();
  if (options.teacher === undefined) teacher?.dispose();
  return { result, weights };
}
