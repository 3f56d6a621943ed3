import type { LayerOutput } from '@temper/core';
import { expect, test } from 'vitest';
import { matchLayers } from './match-layers.js';

/** Blocks `s1` … of a student, or `t1` … of a teacher, each after a layer that ends no block. */
const blocks = (letter: string, count: number): LayerOutput[] =>
  Array.from({ length: count }, (_, i): LayerOutput[] => [
    { name: `inner_${letter}${i + 1}`, shape: [4] },
    { name: `${letter}${i + 1}`, shape: [4], endsBlock: true, ...(i === count - 1 ? { isPenultimate: true } : {}) },
  ]).flat();
const networks = (student: number, teacher: number) => ({ student: blocks('s', student), teacher: blocks('t', teacher) });

test.each([
  ['every', { every: 2 }, [3, 6], 's1 t2, s2 t4, s3 t6'],
  ['every, where the student has more blocks than the teacher has for it', { every: 2 }, [4, 5], 's1 t2, s2 t4'],
  ['last', { last: 2 }, [3, 6], 's2 t5, s3 t6'],
  ['last, with all blocks', { last: 3 }, [3, 3], 's1 t1, s2 t2, s3 t3'],
  ['depth', 'depth', [3, 6], 's1 t2, s2 t4, s3 t6'],
  ['depth, with uneven numbers', 'depth', [2, 5], 's1 t3, s2 t5'],
  ['depth, with a deeper student', 'depth', [4, 2], 's1 t1, s2 t1, s3 t2, s4 t2'],
  ['penultimate', 'penultimate', [2, 5], 's2 t5'],
] as const)('the rule %s pairs blocks', (_, rule, [student, teacher], want) => {
  const pairs = matchLayers(rule, networks(student, teacher));
  expect(pairs.map((pair) => pair.join(' ')).join(', ')).toBe(want);
});

test('pairs by name are kept', () => {
  const unknown = { student: undefined, teacher: undefined };
  expect(matchLayers([['a', 'b']], unknown)).toEqual([['a', 'b']]);
});

test.each([
  [{ last: 3 }, networks(2, 5), 'layers: {"last":3} chooses no layers: the student has 2 blocks (s1, s2), the teacher 5 blocks (t1'],
  [{ every: 6 }, networks(2, 5), 'layers: {"every":6} chooses no layers'],
  ['depth', networks(0, 5), 'the student has 0 blocks, the teacher 5 blocks'],
  ['penultimate', { ...networks(1, 1), teacher: undefined }, 'the layers of the teacher are not known'],
] as const)('the rule %j is refused where it chooses no layers', (rule, given, message) => {
  expect(() => matchLayers(rule, given)).toThrow(message);
});

test('a rule for feature maps counts blocks with positions alone', () => {
  const layers = (prefix: string): LayerOutput[] => [
    { name: `${prefix}1`, shape: [8, 8, 4], endsBlock: true },
    { name: `${prefix}2`, shape: [4, 4, 4], endsBlock: true },
    { name: `${prefix}3`, shape: [16], endsBlock: true },
  ];
  expect(matchLayers({ last: 1 }, { student: layers('s'), teacher: layers('t') }, true)).toEqual([['s2', 't2']]);
});
