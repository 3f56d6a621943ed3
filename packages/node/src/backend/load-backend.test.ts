import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ended } from '../testing/child.js';
import { compileProgram, startProgram } from '../testing/fresh-process.js';
import { temporaryFolder } from '../testing/temporary.js';
import { chosenBackend, lostOneDnn } from './load-backend.js';

/** What a fresh process says after loading a backend and training with it. Nothing else may be printed. */
async function loadIn(
  env: NodeJS.ProcessEnv,
  nodeArgs: readonly string[] = [],
  program = 'load-backend.ts',
): Promise<Record<string, unknown>> {
  const { TEMPER_BACKEND: _, TF_CPP_MIN_LOG_LEVEL: __, TF_ENABLE_ONEDNN_OPTS: ___, ...rest } = process.env;
  const { stdout, stderr } = await ended(
    startProgram(await compileProgram(program), program === 'kit-run.ts' ? [await temporaryFolder()] : [], { ...rest, ...env }, nodeArgs),
  );
  // A bundle has no kernels, which keep TensorFlow's line about its first graph from the terminal.
  const ours = stderr.replaceAll(/^(WARNING: All log messages|I0000 ).*\n/gm, '');
  // tfjs's own word for who has chosen its backend in JavaScript.
  expect(ours.replaceAll(/^\n=+\nHi, looks like you are running TensorFlow\.js in Node\.js.*\n=+\n/gm, '').trim()).toBe('');
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** Arguments that make Node take tfjs-node's binding for missing. */
async function withoutBinding(): Promise<string[]> {
  const file = join(await temporaryFolder(), 'no-binding.cjs');
  const tfjsNode = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json');
  await writeFile(
    file,
    `require('module').createRequire(${JSON.stringify(tfjsNode)})('@mapbox/node-pre-gyp/lib/pre-binding.js').find = () => '/nowhere/tfjs_binding.node';`,
  );
  return ['--require', file];
}

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

test('JavaScript may be asked for, and trains as well', async () => {
  expect(await loadIn({ TEMPER_BACKEND: 'cpu' })).toEqual({
    name: 'cpu',
    backend: 'cpu',
    native: false,
    version: '4.22.0',
    reason: 'it was asked for',
    warnings: [],
    gradient: 8,
  });
});

test('without the native binding, JavaScript is taken, and a warning says so', async () => {
  const report = await loadIn({}, await withoutBinding());
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

test('the native backend asked for and missing is an error of the machine', async () => {
  const error = await loadIn({ TEMPER_BACKEND: 'native' }, await withoutBinding());
  expect(error).toMatchObject({ code: 'environment/backend', fault: 'user' });
  expect(error.message).toMatch(/does not load: .*\n {2}Run the set-up/);
});

test('oneDNN stays off where the user says so, without a warning', async () => {
  expect(await loadIn({ TF_ENABLE_ONEDNN_OPTS: '0' })).toMatchObject({ native: true, oneDnn: false, warnings: [], gradient: 8 });
});

test.each(['auto', 'cpu'])('a kit with node() runs without a backend of its own (TEMPER_BACKEND=%s)', async (choice) => {
  const native = choice === 'auto';
  expect(await loadIn({ TEMPER_BACKEND: choice }, [], 'kit-run.ts')).toEqual({
    backend: native ? 'tensorflow' : 'cpu',
    engine: native ? 'compiled' : 'eager',
    steps: 4,
    warnings: [],
  });
});

test('a backend that is only imported is not chosen: node() loads the native one', async () => {
  expect(await loadIn({ BEFORE: 'imported' }, [], 'kit-run.ts')).toMatchObject({ backend: 'tensorflow', engine: 'compiled', warnings: [] });
});

test.each(['chosen', 'used'])('a backend that was %s before the run stays, with a warning and a remedy', async (BEFORE) => {
  const { backend, warnings, tensor } = await loadIn({ BEFORE }, [], 'kit-run.ts');
  expect(backend).toBe('cpu');
  expect(warnings).toEqual([
    expect.stringMatching(
      /tfjs backend "cpu".*many times faster\n {2}Call `await loadBackend\(\)` of @temper\/node before the first tensor/,
    ),
  ]);
  if (BEFORE === 'used') expect(tensor).toBe(1);
});

test('a kit without node() and without a backend is refused with what to add', async () => {
  const error = await loadIn({ WITHOUT_NODE: '1' }, [], 'kit-run.ts');
  expect(error).toMatchObject({ code: 'environment/backend', fault: 'user' });
  expect(error.message).toMatch(/no TensorFlow.js backend is loaded.*\n {2}In Node add node\(\) to plugins/);
});

test('a kit without node() on the backend in JavaScript warns', async () => {
  const { warnings } = await loadIn({ WITHOUT_NODE: '1', BEFORE: 'imported' }, [], 'kit-run.ts');
  expect(warnings).toEqual([expect.stringMatching(/^training runs in JavaScript.*\n {2}In Node add node\(\)/)]);
});

test('a kit whose native backend does not load warns and trains in JavaScript', async () => {
  const { backend, warnings } = await loadIn({}, await withoutBinding(), 'kit-run.ts');
  expect(backend).toBe('cpu');
  expect(warnings).toEqual([expect.stringMatching(/slower.*\n {2}Run the set-up/) as string]);
});

test('oneDNN that was lost is told with how to get it, but not to whoever turned it off', () => {
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

test('TEMPER_BACKEND knows three words', () => {
  expect(['native', 'cpu', 'auto', undefined, ''].map((given) => chosenBackend({ TEMPER_BACKEND: given }))).toEqual([
    'native',
    'cpu',
    'auto',
    'auto',
    'auto',
  ]);
  expect(() => chosenBackend({ TEMPER_BACKEND: 'gpu' })).toThrow('TEMPER_BACKEND must be native, cpu or auto, got "gpu"');
});
