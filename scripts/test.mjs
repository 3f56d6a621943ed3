// `npm test`: sets everything up, runs every test, and ends with one plain line for people and programs to read.
// `npm test -- schedules losses` runs the tests of these packages alone; other arguments go to vitest.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { Stop, runProgram, testProjects } from './tools.mjs';

await Stop.guard(async () => {
  const { native, text } = await prepare();
  const folder = mkdtempSync(join(tmpdir(), 'temper-test-'));
  try {
    const results = join(folder, 'results.json');
    const status = runProgram('node_modules/vitest/vitest.mjs', [
      'run',
      ...argumentsFrom(process.argv.slice(2)),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${results}`,
    ]);
    if (!native) console.error(text);
    console.log(summary(results, status));
    process.exitCode = status;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/**
 * Words that name a project choose it, with its files that run alone; vitest would look for files with such a name, in every package.
 */
function argumentsFrom(words) {
  const projects = testProjects();
  return words.flatMap((word) => (projects.includes(word) ? ['--project', word, '--project', `${word}-alone`] : [word]));
}

/** `N passed, M failed`. A file that does not even load, and an error outside of any test, count as failed. */
function summary(results, status) {
  const { testResults, numPassedTests, numFailedTests, numPendingTests, numTodoTests } = read(results);
  const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = Math.max(numFailedTests + broken, status === 0 ? 0 : 1);
  const skipped = numPendingTests + numTodoTests;
  return `${numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function read(results) {
  try {
    return JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    // vitest ended before it had any results to write.
    return { testResults: [], numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  }
}
