import { expect, test } from 'vitest';
import { limitInstructions } from './instructions.js';
import { readOptions, UsageError } from './options.js';

test.each([[['--instructions', 'avx2']], [['--rounds', '5', '--instructions=avx2']]])(
  '%j limits this process and its child processes',
  (args) => {
    const env: NodeJS.ProcessEnv = {};
    expect(limitInstructions(args, env).level).toBe('avx2');
    expect(env).toMatchObject({ DNNL_MAX_CPU_ISA: 'AVX2', TEMPER_KERNELS: 'avx2', ATEN_CPU_CAPABILITY: 'avx2' });
  },
);

test('nothing is limited by default, and an unknown level is refused', () => {
  const env: NodeJS.ProcessEnv = {};
  expect(limitInstructions(['--record'], env).limited).toBe(false);
  expect(limitInstructions(['--instructions', 'sse'], env).limited).toBe(false);
  expect(env).toEqual({});
  expect(() => readOptions(['--instructions', 'sse'])).toThrow(UsageError);
  expect(() => readOptions(['--instructions', 'sse'])).toThrow('--instructions is "sse"; it has to be avx2');
  expect(readOptions(['--instructions', 'avx2']).cases.length).toBeGreaterThan(20);
});
