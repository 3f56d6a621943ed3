import { createKit, type Slot } from '@temper/core';
import { node } from '@temper/node';
import { beforeAll, describe, expect, test } from 'vitest';
import { withStandard } from './standard.js';
import { problemsOf } from './testing/messages/check.js';
import { collectMessages, type Message } from './testing/messages/collect.js';
import { fragmentsOf } from './testing/messages/fragments.js';

/** Messages with a mistake of each kind, and what is said of it. */
const wrong: readonly (readonly [name: string, text: string, problem: string])[] = [
  ['an option that no command has', 'Run it with --epoch-count 3.', 'no command has --epoch-count'],
  ['a value that an option of a command refuses', 'See `npx temper preview --steps none`.', 'whole number'],
  ['a misspelt command', 'Type `temper doctr` to see more.', 'doctr'],
  ['a setting that does not parse', 'For instance --set epochs=many there.', 'epochs: must be'],
  ['JSON that is no data set', `Give it: --data '{"type":"digitz"}'.`, 'digitz'],
  ['a value that an option of a config refuses', "Or set optimizerState: 'reste' there.", 'optimizerState'],
  ['an object with an unknown option', 'Add teacher: { modle: … } to it.', 'modle'],
  ['a call of what is not exported', 'Call loadBackends() of the package.', 'loadBackends'],
  ['a call with unknown options', 'Give it: exportSavedModel(network, folder, { shap: [28] }).', 'shap'],
  ['an import of what is not exported', "Add import { nod } from '@temper/node' to it.", 'nod'],
  ['an unknown package', 'It is exported by @temper/nodes today.', '@temper/nodes'],
  ['an unknown path', 'Add 3 to teacher.train.snapshot there.', 'teacher.train.snapshot'],
  ['a variable that nothing reads', 'Set TEMPER_CASH to a folder.', 'TEMPER_CASH'],
  ['a file that nothing writes', 'Look into sumary.json of the run.', 'sumary.json'],
  ['an unknown name', 'Take a larger batchSice there.', 'batchSice'],
  ['an unknown strategy', 'Take another weighting, for instance alfa.', 'alfa'],
  ['an unknown choice', "Use scale 'temperature-cubed' there.", 'scale'],
  ['an unknown program', 'Install one: `aptitude install g++` does it.', 'aptitude'],
  ['a value without a sample', 'Hand it over: kit.run(config, { ${unheard}: model }).', 'samples.ts'],
];

let shown: readonly Message[];
let problems: readonly string[];
beforeAll(() => {
  shown = collectMessages();
  const own = wrong.flatMap(([name, text]) =>
    collectMessages([name], () => `export const hint = (unheard: string) => [unheard, \`${text.replaceAll('`', '\\`')}\`];`),
  );
  // One run of the compiler for all.
  problems = problemsOf([...shown, ...own]);
}, 240_000);

const isOwn = (problem: string): boolean => wrong.some(([name]) => problem.includes(`${name}:1: `));

test('every example in every message is valid', () => {
  // Of about two thousand texts, one in ten names something that a reader may copy.
  expect(shown.filter(({ text }) => fragmentsOf(text).length > 0).length).toBeGreaterThan(150);
  expect(problems.filter((problem) => !isOwn(problem))).toEqual([]);
});

describe('messages with mistakes', () => {
  test.each(wrong)('the check of messages finds %s', (name, _, problem) => {
    const own = problems.filter((one) => one.includes(`${name}:1: `));
    expect(own.join('\n')).toContain(problem);
  });
});

const slots: readonly Slot[] = ['schedule', 'temperature', 'weighting', 'loss', 'optimizer', 'data', 'model', 'recipe', 'reporter'];

test.each(slots)('the example in the refusal of a %s is valid', (slot) => {
  const kit = createKit({ plugins: withStandard([], [node()]) });
  const build = (given: unknown) => () => kit.build(slot, given);
  const [, example = ''] = /, for instance (.*), got "x"$/.exec(messageOf(build('x'))) ?? [];
  expect(messageOf(build(JSON.parse(example)))).toBe('');
});

function messageOf(body: () => unknown): string {
  try {
    body();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
