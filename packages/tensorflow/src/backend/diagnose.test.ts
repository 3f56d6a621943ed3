import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { machine } from '../testing/machine.js';
import { makeTfjsNode } from '../testing/tiny-tensorflow.js';
import { setUp } from '../setup/setup-backend.js';
import { temporaryFolder } from '../../../../fixtures/temporary.js';
import type { Check } from './checks.js';
import { diagnose, examine, type Diagnosis } from './diagnose.js';

const find = ({ checks }: Diagnosis, name: Check['name']): Check => checks.find((check) => check.name === name) as Check;

test('doctor finds this machine healthy and multiplies matrices in TensorFlow', async () => {
  const diagnosis = await diagnose({ ...process.env, TEMPER_BACKEND: '' });
  expect(diagnosis.backend).toEqual({ name: 'tensorflow', native: true, reason: 'the native backend loads' });
  expect(diagnosis.healthy, JSON.stringify(diagnosis.checks)).toBe(true);
  expect(find(diagnosis, 'matrix product').found).toBe('[1 2; 3 4] · [5 6; 7 8] = [19 22; 43 50]');
  expect(find(diagnosis, 'loading').found).toMatch(/^TensorFlow 2\./);
  expect(find(diagnosis, 'processor').found).toContain('avx');
  expect(find(diagnosis, 'kernels').found).toMatch(/^(avx512|avx2|baseline) code: /);
});

test('doctor names the reason why oneDNN is on or off', async () => {
  const { context } = await machine();
  await setUp(context);
  const found = async (env: NodeJS.ProcessEnv): Promise<Check> =>
    find(await examine(context.target, { TEMPER_CACHE: context.cache, ...env }), 'oneDNN');
  expect((await found({})).found).toMatch(/^on.*: (TensorFlow turns it on by itself|Temper turns it on)/);
  expect((await found({ DNNL_MAX_CPU_ISA: 'SSE41' })).found).toMatch(/^on, baseline code: /);
  expect(await found({ TF_ENABLE_ONEDNN_OPTS: '0' })).toMatchObject({
    status: 'ok',
    found: 'off: TF_ENABLE_ONEDNN_OPTS=0 is set',
    mend: expect.stringContaining('Unset') as string,
  });
  expect((await found({ TF_ENABLE_ONEDNN_OPTS: '1' })).found).toMatch(/^on.*: TF_ENABLE_ONEDNN_OPTS=1 is set$/);
});

test('missing tools of the set-up are a warning while the backend works', async () => {
  const { context } = await machine();
  await setUp(context);
  const diagnosis = await examine(context.target, { PATH: '/nowhere', TEMPER_CACHE: context.cache });
  expect(diagnosis.healthy).toBe(true);
  expect(find(diagnosis, 'Python')).toMatchObject({ status: 'warning', mend: expect.stringContaining('python3-pip') as string });
  expect(find(diagnosis, 'compiler')).toMatchObject({ status: 'warning', mend: expect.stringContaining('g++') as string });
  expect(find(diagnosis, 'library').found).toBe('tensorflow-2.20.0-linux-x64');
  expect(find(diagnosis, 'binding').found).toContain(context.cache);
});

test('each missing part is a failure with a remedy when the backend does not work', async () => {
  const root = await temporaryFolder();
  const target = await makeTfjsNode(join(root, 'checkout'));
  await writeFile(join(root, 'file'), '');
  const diagnosis = await examine(target, { PATH: '/nowhere', TEMPER_CACHE: join(root, 'file/cache') });
  expect(diagnosis.healthy).toBe(false);
  expect(diagnosis.backend).toMatchObject({ name: 'cpu', native: false });
  expect(diagnosis.checks.filter(({ status }) => status === 'failed').map(({ name }) => name)).toEqual([
    'Python',
    'compiler',
    'cache',
    'library',
    'binding',
    'loading',
  ]);
  for (const check of diagnosis.checks) if (check.status === 'failed') expect(check.mend).toMatch(/\w/);
});

test('doctor reports the backend that was chosen', async () => {
  const { context } = await machine();
  const env = { ...context.env, TEMPER_CACHE: context.cache };
  expect((await examine(context.target, { ...env, TEMPER_BACKEND: 'cpu' })).backend).toMatchObject({
    name: 'cpu',
    reason: 'TEMPER_BACKEND requests it',
  });
  const wanted = await examine(context.target, { ...env, TEMPER_BACKEND: 'native' });
  expect(wanted.backend.reason).toContain('does not load');
  expect(find(wanted, 'backend').status).toBe('failed');
});
