import { TemperError, type LayerOutput, type LossNetworks } from '@temper/core';
import { isNamed, type LayerMap, type LayerRule } from './layer-options.js';

/** Names of a student's layer and a teacher's layer. */
export type Names = readonly [student: string, teacher: string];

/**
 * Returns the pairs of a layer map for two networks. With S and T blocks of student and teacher, counted from 1:
 * `every: n` pairs block i with block n·i; `last: n` pairs the last n blocks in order; `depth` pairs block i with block ⌈i·T/S⌉ (with the
 * more blocks the teacher has, the more of them are left out evenly); `penultimate` pairs the layers that the logits are computed from.
 * @param ofMaps True for losses on positions: blocks whose output is one vector are not counted.
 * @throws TemperError at `layers` where a network does not list its layers, or has too few.
 */
export function matchLayers(map: LayerMap, networks: LossNetworks, ofMaps = false): readonly Names[] {
  if (isNamed(map)) return map;
  const [student, teacher] = (['student', 'teacher'] as const).map((side) => chosenFrom(map, side, networks[side], ofMaps)) as [
    string[],
    string[],
  ];
  const pairs = paired(map, student, teacher);
  if (pairs.length > 0) return pairs;
  throw invalid(
    `${JSON.stringify(map)} chooses no layers: the student has ${blocks(student)}, the teacher ${blocks(teacher)}`,
    'Use a smaller number, or name pairs of layers: [["student layer", "teacher layer"]].',
  );
}

function paired(rule: LayerRule, student: readonly string[], teacher: readonly string[]): Names[] {
  const pair = (i: number, j: number): Names[] => {
    const [own, other] = [student[i - 1], teacher[j - 1]];
    return own === undefined || other === undefined ? [] : [[own, other]];
  };
  const numbers = student.map((_, i) => i + 1);
  if (rule === 'penultimate') return pair(1, 1);
  if (rule === 'depth') return numbers.flatMap((i) => pair(i, Math.ceil((i * teacher.length) / student.length)));
  if ('every' in rule) return numbers.flatMap((i) => pair(i, rule.every * i));
  if (rule.last > Math.min(student.length, teacher.length)) return [];
  return numbers.slice(-rule.last).flatMap((i) => pair(i, teacher.length - student.length + i));
}

function chosenFrom(rule: LayerRule, side: 'student' | 'teacher', layers: readonly LayerOutput[] | undefined, ofMaps: boolean): string[] {
  if (layers === undefined) {
    throw invalid(
      `${JSON.stringify(rule)} chooses layers by a rule, and the layers of the ${side} are not known`,
      'Name pairs of layers: [["student layer", "teacher layer"]]. A network in code may list its layers in `outputs`.',
    );
  }
  const wanted = rule === 'penultimate' ? 'isPenultimate' : 'endsBlock';
  return layers.filter((layer) => layer[wanted] === true && (!ofMaps || layer.shape.length > 1)).map(({ name }) => name);
}

const blocks = (names: readonly string[]): string =>
  `${names.length} ${names.length === 1 ? 'block' : 'blocks'}${names.length === 0 ? '' : ` (${names.join(', ')})`}`;

const invalid = (message: string, hint: string): TemperError => new TemperError({ code: 'config/invalid', path: 'layers', message, hint });
