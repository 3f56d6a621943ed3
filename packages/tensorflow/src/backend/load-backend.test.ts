import { expect, test } from 'vitest';
import { printed, withoutBinding } from '../../../../fixtures/printed.js';
import { chosenBackend, lostOneDnn } from './load-backend.js';

const program = new URL('../testing/load-backend.ts', import.meta.url);

/** What a fresh process says after loading a backend and training with it. */
const loadIn = (env: NodeJS.ProcessEnv, nodeArgs: readonly string[] = []) => printed(program, [], env, nodeArgs);

// Fails rather than skips: on these platforms the set-up has made the native backend before any test runs.
test('the native backend loads in a fresh process and trains', async () => {
  const report = await loadIn({});
  expect(report).toMatchObject({
    name: 'tensorflow',
    backend: 'tensorflow',
    native: true,
    reason: 'the native backend loads',
    warnings: [],
    gradient: 8,
    oneDnn: true,
  });
  expect(report.version).toMatch(/^2\.\d+/);
});

test('the JavaScript backend loads on request and trains', async () => {
  expect(await loadIn({ TEMPER_BACKEND: 'cpu' })).toEqual({
    name: 'cpu',
    backend: 'cpu',
    native: false,
    version: '4.22.0',
    reason: 'it was requested',
    warnings: [],
    gradient: 8,
  });
});

test('the JavaScript backend loads with a warning when the native binding is missing', async () => {
  const report = await loadIn({}, await withoutBinding(import.meta.url));
  expect(report).toMatchObject({ name: 'cpu', native: false, gradient: 8 });
  expect(report.reason).toContain('the native backend does not load: The Node.js native addon module');
  expect(report.warnings).toEqual([
    {
      code: 'not-native',
      message: expect.stringContaining('slower') as string,
      hint: expect.stringContaining('`npx temper setup`') as string,
    },
  ]);
});

test('a requested native backend that is missing is an error of the environment', async () => {
  const error = await loadIn({ TEMPER_BACKEND: 'native' }, await withoutBinding(import.meta.url));
  expect(error).toMatchObject({ code: 'environment/backend', fault: 'user' });
  expect(error.message).toMatch(/does not load: .*\n {2}Run the set-up/);
});

test('oneDNN stays off without a warning when the user turns it off', async () => {
  expect(await loadIn({ TF_ENABLE_ONEDNN_OPTS: '0' })).toMatchObject({ native: true, oneDnn: false, warnings: [], gradient: 8 });
});

test('a warning tells how to get oneDNN back unless the user turned it off', () => {
  const before = process.env.TF_ENABLE_ONEDNN_OPTS;
  try {
    delete process.env.TF_ENABLE_ONEDNN_OPTS;
    expect(lostOneDnn(true)).toEqual([]);
    expect(lostOneDnn(false)).toMatchObject([{ code: 'onednn-off', hint: expect.stringContaining('TF_ENABLE_ONEDNN_OPTS=1') as string }]);
    process.env.TF_ENABLE_ONEDNN_OPTS = '0';
    expect(lostOneDnn(false)).toEqual([]);
  } finally {
    process.env.TF_ENABLE_ONEDNN_OPTS = before;
  }
});

test('TEMPER_BACKEND accepts three values', () => {
  expect(['native', 'cpu', 'auto', undefined, ''].map((given) => chosenBackend({ TEMPER_BACKEND: given }))).toEqual([
    'native',
    'cpu',
    'auto',
    'auto',
    'auto',
  ]);
  expect(() => chosenBackend({ TEMPER_BACKEND: 'gpu' })).toThrow('TEMPER_BACKEND must be native, cpu or auto, got "gpu"');
});
