import { readFileSync } from 'node:fs';
import { defaultNames } from '../../config/find.js';
import { checkCode } from './check-code.js';
import { checkCommand, checkFlag } from './check-command.js';
import { checkChoice, checkKeyed, checkObject, checkTypes, isConfigPath, isOption } from './check-config.js';
import { sourceFiles, type Message } from './collect.js';
import { fragmentsOf, hasUnknown, type Fragment } from './fragments.js';
import { foreign } from './samples.js';

/** Returns the problems of examples in messages, one line each. */
export function problemsOf(messages: readonly Message[]): string[] {
  const found = messages.flatMap(({ place, text }) => fragmentsOf(text).map((fragment) => ({ place, text, fragment })));
  const isPython = (text: string): boolean => /Python|Keras/.test(text);
  const compiled = found.filter(({ text, fragment }) => !hasUnknown(fragment) && !isPython(text) && isCompiled(fragment));
  const code = checkCode(compiled.map(({ fragment }) => fragment.text));
  const known = knownNames(code.names);
  return found.flatMap(({ place, text, fragment }) => {
    const problem = hasUnknown(fragment)
      ? 'holds a value of which samples.ts has no sample'
      : check(fragment, code.problems, known, isPython(text));
    return problem === undefined ? [] : [`${place}: ${fragment.kind} ${fragment.text}: ${problem}`];
  });
}

/** Returns whether a fragment is compiled: code, and options that no config has. */
const isCompiled = ({ kind, text }: Fragment): boolean =>
  !/^import '/.test(text) &&
  ((kind === 'code' && !isFormula(text)) ||
    (kind === 'path' && text.startsWith('tf.')) ||
    (kind === 'keyed' && checkKeyed(text) === undefined));

const isFormula = (text: string): boolean => foreign.functions.includes(/^\w+/.exec(text)?.[0] ?? '');

type Known = ReturnType<typeof knownNames>;

function check({ kind, text }: Fragment, code: ReadonlyMap<string, string>, known: Known, isPython: boolean): string | undefined {
  switch (kind) {
    case 'code':
      if (text.startsWith("import '")) return known.packages.has(text.slice(8, -1)) ? undefined : 'no package is called so';
      return isPython || isFormula(text) ? undefined : code.get(text);
    case 'command':
      return checkCommand(text);
    case 'flag':
      return checkFlag(text);
    case 'keyed':
      return (checkKeyed(text) ?? { problem: code.get(text) }).problem;
    case 'object':
      return checkObject(text);
    case 'choice':
      return checkChoice(text)?.problem;
    case 'type':
      return checkTypes({ kind, text });
    case 'package':
      return known.packages.has(text) ? undefined : 'no package is called so';
    case 'variable':
      return known.variables.has(text.split('=')[0] as string) ? undefined : 'no variable is called so';
    case 'file':
      return known.files.has(text) || known.literals.has(text) ? undefined : 'no file is called so';
    case 'path':
      if (text.startsWith('tf.')) return code.get(text);
      return isConfigPath(text) || known.isPath(text) ? undefined : 'is no path in a config, and nothing in code';
    case 'name':
      return isOption(text) || known.names.has(text) ? undefined : 'nothing is called so';
  }
}

/** Returns the names that the source defines. */
function knownNames(exported: ReadonlySet<string>) {
  const sources = sourceFiles().map((file) => readFileSync(file, 'utf8'));
  const literals = new Set(sources.flatMap((text) => [...text.matchAll(/'([^'\n]*)'/g)].map(([, literal = '']) => literal)));
  const variables = sources.flatMap((text) => [...text.matchAll(/env\??\.?(?:\['|\.|\b)([A-Z][A-Z_]+)/g)].map(([, name = '']) => name));
  const names = new Set([...exported, ...foreign.words]);
  const own = ['core', 'schedules', 'losses', 'data', 'models', 'recipes', 'node', 'cli'].map((name) => `@temper/${name}`);
  return {
    literals,
    variables: new Set([...literals, ...variables, ...foreign.variables]),
    names,
    packages: new Set([...own, ...foreign.packages]),
    files: new Set<string>([...defaultNames, ...foreign.files]),
    /** Returns whether a path in code consists of known names. */
    isPath: (path: string): boolean =>
      foreign.words.includes(path) || (!isOption(path.split('.')[0] as string) && path.split('.').every((part) => names.has(part))),
  };
}
