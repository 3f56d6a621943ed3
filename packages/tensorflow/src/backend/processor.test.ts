import { expect, test } from 'vitest';
import { instructionsOn, levelOf, linuxFlags, vectorInstructions } from './processor.js';

test('processor flags are read on Linux for x86 and arm', () => {
  expect(
    linuxFlags('processor\t: 0\nmodel name\t: X\nflags\t\t: fpu avx avx2 fma\nbugs\t: none\n\nprocessor\t: 1\nflags\t\t: other\n'),
  ).toEqual(['fpu', 'avx', 'avx2', 'fma']);
  expect(linuxFlags('processor\t: 0\nFeatures\t: fp asimd sve\n')).toEqual(['fp', 'asimd', 'sve']);
  expect(linuxFlags('processor\t: 0\n')).toBeUndefined();
});

test('the level is the widest one whose instructions are all supported', () => {
  expect(levelOf(['avx', 'fma', 'avx2', 'avx512f', 'avx512dq', 'avx512vl'])).toBe('avx512');
  expect(levelOf(['avx', 'fma', 'avx2', 'avx512f'])).toBe('avx2');
  expect(levelOf(['avx', 'avx2'])).toBe('avx');
  expect(levelOf(['asimd'])).toBe('neon');
  expect(levelOf([])).toBe('baseline');
});

test.runIf(process.platform === 'linux')('the flags of this processor are the vector instructions alone', () => {
  const instructions = vectorInstructions() as readonly string[];
  expect(instructions.length).toBeGreaterThan(0);
  expect(instructions).not.toContain('fpu');
});

test('a system without processor information gives no flags', () => {
  expect(instructionsOn('aix')).toBeUndefined();
});
