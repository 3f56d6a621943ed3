import { expect, test } from 'vitest';
import { kernelLevel } from './kernel-level.js';
import { askForOneDnn, givenOneDnn, oneDnnLevel, turnsOnByItself, usesOneDnn } from './one-dnn.js';

test('the oneDNN variable is set unless the user has set it', () => {
  const cases: (string | undefined)[] = [undefined, '', '0', 'false', '1'];
  const asked = cases.map((value) => {
    const env: NodeJS.ProcessEnv = value === undefined ? {} : { TF_ENABLE_ONEDNN_OPTS: value };
    askForOneDnn(env);
    return env.TF_ENABLE_ONEDNN_OPTS;
  });
  expect(asked).toEqual(['1', '1', '0', 'false', '1']);
});

test('the oneDNN variable is read as TensorFlow reads it', () => {
  expect(['0', 'False', '1', 'TRUE', 'yes', ''].map((value) => givenOneDnn({ TF_ENABLE_ONEDNN_OPTS: value }))).toEqual([
    false,
    false,
    true,
    true,
    undefined,
    undefined,
  ]);
});

test('TensorFlow turns oneDNN on by itself for VNNI, bfloat16 and AMX', () => {
  expect([['avx2', 'fma'], ['avx512f', 'avx512dq'], ['avx512_vnni'], ['avx_vnni'], ['amx_tile'], undefined].map(turnsOnByItself)).toEqual([
    false,
    false,
    true,
    true,
    true,
    undefined,
  ]);
});

test('the report of the binding overrides the environment', () => {
  expect(usesOneDnn({ temperOneDnn: false }, { TF_ENABLE_ONEDNN_OPTS: '1' })).toBe(false);
  expect(usesOneDnn({ temperOneDnn: null }, { TF_ENABLE_ONEDNN_OPTS: '1' })).toBe(true);
  expect(usesOneDnn({}, { TF_ENABLE_ONEDNN_OPTS: '0' })).toBe(false);
});

test('instruction levels are lowered by environment variables and never raised', () => {
  const wide = ['avx', 'fma', 'avx2', 'avx512f', 'avx512dq', 'avx512vl'];
  const narrow = ['avx', 'fma', 'avx2'];
  expect(
    [{}, { DNNL_MAX_CPU_ISA: 'avx2' }, { ONEDNN_MAX_CPU_ISA: 'SSE41' }, { DNNL_MAX_CPU_ISA: 'ALL' }].map((env) => oneDnnLevel(wide, env)),
  ).toEqual(['avx512', 'avx2', 'baseline', 'avx512']);
  expect(oneDnnLevel(narrow, { DNNL_MAX_CPU_ISA: 'AVX512_CORE' })).toBe('avx2');
  expect([wide, narrow, ['avx']].map((instructions) => kernelLevel(instructions, {}))).toEqual(['avx512', 'avx2', 'baseline']);
  expect([wide, ['avx']].map((instructions) => kernelLevel(instructions, { TEMPER_KERNELS: 'avx2' }))).toEqual(['avx2', 'baseline']);
});
