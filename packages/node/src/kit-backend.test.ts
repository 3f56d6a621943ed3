import { expect, test } from 'vitest';
import { printed, withoutBinding } from '../../../fixtures/printed.js';
import { temporaryFolder } from '../../../fixtures/temporary.js';

const program = new URL('./testing/kit-run.ts', import.meta.url);

/** What a fresh process says of a run without a backend of its own. */
const runIn = async (env: NodeJS.ProcessEnv, nodeArgs: readonly string[] = []) =>
  printed(program, [await temporaryFolder()], env, nodeArgs);

test.each(['auto', 'cpu'])('a kit with node() runs without a chosen backend (TEMPER_BACKEND=%s)', async (choice) => {
  const native = choice === 'auto';
  expect(await runIn({ TEMPER_BACKEND: choice })).toEqual({
    backend: native ? 'tensorflow' : 'cpu',
    engine: native ? 'compiled' : 'eager',
    steps: 4,
    warnings: [],
  });
});

test('node() loads the native backend when another is only imported', async () => {
  expect(await runIn({ BEFORE: 'imported' })).toMatchObject({ backend: 'tensorflow', engine: 'compiled', warnings: [] });
});

test.each(['chosen', 'used'])('a backend that was %s before the run stays, with a warning and a remedy', async (BEFORE) => {
  const { backend, warnings, tensor } = await runIn({ BEFORE });
  expect(backend).toBe('cpu');
  expect(warnings).toEqual([
    expect.stringMatching(
      /tfjs backend "cpu".*many times faster\n {2}Call `await loadBackend\(\)` of @temper\/node before the first tensor/,
    ),
  ]);
  if (BEFORE === 'used') expect(tensor).toBe(1);
});

test('a kit without node() and a backend is refused with the package to add', async () => {
  const error = await runIn({ WITHOUT_NODE: '1' });
  expect(error).toMatchObject({ code: 'environment/backend', fault: 'user' });
  expect(error.message).toMatch(/no TensorFlow.js backend is loaded.*\n {2}In Node add node\(\) to plugins/);
});

test('a kit without node() warns about the JavaScript backend', async () => {
  const { warnings } = await runIn({ WITHOUT_NODE: '1', BEFORE: 'imported' });
  expect(warnings).toEqual([expect.stringMatching(/^training runs in JavaScript.*\n {2}In Node add node\(\)/)]);
});

test('a kit warns and trains in JavaScript when its native backend does not load', async () => {
  const { backend, warnings } = await runIn({}, await withoutBinding(import.meta.url));
  expect(backend).toBe('cpu');
  expect(warnings).toEqual([expect.stringMatching(/slower.*\n {2}Run the set-up/) as string]);
});
