import { expect, test } from 'vitest';
import type { Result } from './compare.js';
import { pageOf, type Run } from './history.js';
import type { Machine } from './machine.js';

const machine: Machine = { processor: 'X', cores: 2, memoryGiB: 8, node: '20', tfjs: '4', tensorflow: '2', torch: '2', load: 0.1 };
const avx2: Machine = {
  ...machine,
  instructions: { processor: ['avx2', 'avx512f'], level: 'avx2', limited: true },
  ours: 'oneDNN (avx2)',
  peer: 'AVX2',
};
const lines = (ratio: number): Result[] =>
  ['a', 'b'].map((name) => ({ name, oursMs: ratio, against: { name: 'PyTorch eager', ms: 1, ratio }, goal: 0.9, variants: {} }));
const old: Run = {
  date: '2026-01-01',
  machine,
  results: lines(0.5).map((one) => ({ ...one, fused: { name: 'PyTorch eager, fused', ms: 0.5, ratio: 0.97 } })),
};

test('the page starts with the newest complete run of each level and has all ratios', () => {
  const page = pageOf([
    old,
    { date: '2026-01-02', machine, results: lines(0.61) },
    { date: '2026-01-03', machine: avx2, results: lines(0.72) },
    { date: '2026-01-04', machine, results: lines(0.63).slice(0, 0) },
  ]);
  const [first, second] = page.split('## ').slice(1) as [string, string];
  expect(first).toMatch(/^AVX-512, 2026-01-02/);
  expect(first).toContain('| a | 0.610 | PyTorch eager | 1.00 | 0.61 | ≤ 0.9 |  | 0.97 |');
  expect(second).toMatch(/^AVX2 \(both sides limited to it, on a processor that has more\), 2026-01-03/);
  expect(second).toContain('Ours: oneDNN (avx2). PyTorch: AVX2.');
  expect(second).toContain('| 0.72 | ≤ 0.9 |  |  |');
});

test('a run of one case appears in the history and has no table', () => {
  const wide = Array.from({ length: 4 }, (_, i) => ({ ...(lines(0.5)[0] as Result), name: `line ${i}` }));
  const page = pageOf([
    { date: '2026-01-01', machine, results: wide },
    { date: '2026-01-02', machine, results: [{ ...(wide[1] as Result), against: { name: 'PyTorch eager', ms: 1, ratio: 1.25 } }] },
  ]);
  expect(page).toMatch(/^## AVX-512, 2026-01-01/);
  expect(page).toContain('| line 1 | 0.500 | PyTorch eager | 1.00 | 0.50 | ≤ 0.9 |  | 1.25 |');
  expect(page).toContain('- 2026-01-02, X, load 0.10: AVX-512: 1 line, 0 within the goals of that day\n- 2026-01-01');
});
