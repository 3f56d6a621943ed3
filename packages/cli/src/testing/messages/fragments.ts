import { foreign } from './samples.js';

/** The kind of example in a part of a message. */
export type FragmentKind =
  | 'code'
  | 'command'
  | 'flag'
  | 'keyed'
  | 'object'
  | 'package'
  | 'variable'
  | 'file'
  | 'path'
  | 'name'
  | 'choice'
  | 'type';

/** A part of a message that a reader may copy. */
export interface Fragment {
  readonly kind: FragmentKind;
  readonly text: string;
}

const word = '[A-Za-z_$][\\w$]*';
const placeholder = '⟦[^⟧]*⟧';
const quotedText = `'[^']*'|"[^"]*"`;
const programs = Object.keys(foreign.programs).join('|');

const commands = 'run|predict|evaluate|export|preview|setup|doctor|schema|list';
/** A flag, a quoted text, a PLACEHOLDER, a path, a file in JSON, an assignment. */
const commandParts = ['--[a-z][\\w-]*', "'[^']*'", '[A-Z]{3,}', '[\\w-]+\\/[\\w/.-]+', '[\\w./-]+\\.json', '[\\w.[\\]]+=\\S+'];

/** The starts of fragments, in the order in which they are tried; `open`: up to the end of the brackets. */
const beginnings: readonly { readonly kind: FragmentKind; readonly start: RegExp; readonly open?: true }[] = [
  { kind: 'code', start: /`[^`]*`/y },
  { kind: 'code', start: /import (?:\{[^}]*\} from )?'[^']*'/y },
  { kind: 'code', start: new RegExp(`export default ${word}\\(`, 'y'), open: true },
  {
    kind: 'command',
    start: new RegExp(`(?:npx )?temper (?:${commands})\\b(?: (?:${commandParts.join('|')}))*`, 'y'),
  },
  { kind: 'command', start: new RegExp(`(?:${programs}) (?:--?[\\w-]+(?:=\\S+)?|[A-Z]{3,}| )+`, 'y') },
  {
    kind: 'flag',
    start: new RegExp(`--[a-z][\\w-]*(?:[= ](?:${quotedText}|[A-Z]{3,}\\b|[\\w.[\\]]+=(?:${quotedText}|…|[^\\s,)]*[^\\s,).])))?`, 'y'),
  },
  { kind: 'code', start: new RegExp(`(?:await )?${word}(?:\\.${word})*\\(`, 'y'), open: true },
  // The end of a word is stated, since a list of words in brackets could otherwise be split in exponentially many ways.
  { kind: 'code', start: new RegExp(`\\((?:${word}\\b|\\{ ${word} \\}|, )*\\) => (?:\\{|${word})`, 'y'), open: true },
  {
    kind: 'keyed',
    start: new RegExp(`(?!(?:${foreign.prose.join('|')}):)${word}: (?:\\[|\\{(?= )|${quotedText}|-?\\d[\\d.]*\\b|true\\b|false\\b)`, 'y'),
    open: true,
  },
  { kind: 'object', start: /\{(?=[ "])/y, open: true },
  { kind: 'package', start: /@[a-z]+\/[\w-]+/y },
  { kind: 'variable', start: /[A-Z]+(?:_[A-Z]+)+(?:=\w+)?/y },
  { kind: 'choice', start: new RegExp(`[a-z]\\w* '[\\w-]+'`, 'y') },
  { kind: 'type', start: /(?:schedule|temperature|weighting|loss|optimizer|model|data set), for instance [\w-]+(?: or [\w-]+)*/y },
  {
    kind: 'file',
    start:
      /temper\.(?:config|compare)\.\*|[\w-]+(?:\.[\w-]+)*\.(?:ts|m?js|jsonl?|html|md|bin|csv|safetensors|pb|gz|h5|keras|onnx)\b(?!\.\w)/y,
  },
  { kind: 'path', start: /[a-z]\w*(?:\.[a-z]\w*|\[\d+\])+/y },
  { kind: 'path', start: /[A-Z]\w*(?:\.[a-z]\w*)+/y },
  { kind: 'name', start: /[a-z]+[a-z0-9]*[A-Z]\w*/y },
];

/** Returns the parts of a message that are code, commands, options, or names of files and of things in code. */
export function fragmentsOf(text: string): Fragment[] {
  const found: Fragment[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === '⟦') {
      // An inserted value may be anything, unless it is part of an example.
      at = text.indexOf('⟧', at) + 1;
      continue;
    }
    const fragment = atWordStart(text, at) ? fragmentAt(text, at) : undefined;
    if (fragment !== undefined) found.push(...inside(fragment));
    at += fragment?.length ?? 1;
  }
  return found;
}

const atWordStart = (text: string, at: number): boolean =>
  at === 0 || !/[\w$.@/-]/.test(text[at - 1] as string) || !/[\w$.@/-]/.test(text[at] as string);

interface Found extends Fragment {
  readonly length: number;
}

function fragmentAt(text: string, at: number): Found | undefined {
  for (const { kind, start, open } of beginnings) {
    start.lastIndex = at;
    const [begin] = start.exec(text) ?? [];
    if (begin === undefined) continue;
    const whole = open === true ? begin + bracketed(text.slice(at + begin.length), begin) : begin;
    return { kind, text: whole.trimEnd(), length: whole.length };
  }
  return undefined;
}

/** Returns the text from an opening bracket to the closing one, with the calls that are chained to it. */
function bracketed(rest: string, begin: string): string {
  let depth = /[([{]$/.test(begin) ? 1 : 0;
  let quote = '';
  let end = 0;
  while (end < rest.length) {
    if (depth === 0) {
      const [chained] = /^\.\w+\(/.exec(rest.slice(end)) ?? [];
      if (chained === undefined) break;
      end += chained.length;
      depth = 1;
      continue;
    }
    const character = rest[end++] as string;
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (/['"]/.test(character)) quote = character;
    else depth += step(character);
  }
  return rest.slice(0, end);
}

const step = (character: string): number => ('([{'.includes(character) ? 1 : ')]}'.includes(character) ? -1 : 0);

/** Classifies the text between backticks, which may be of any kind. */
function inside({ kind, text }: Found): Fragment[] {
  if (!text.startsWith('`')) return [{ kind, text }];
  const code = text.slice(1, -1);
  if (code.startsWith('npx temper ') || code.startsWith('temper ') || new RegExp(`^(?:${programs}) `).test(code))
    return [{ kind: 'command', text: code }];
  if (code.startsWith('--')) return [{ kind: 'flag', text: code }];
  if (/^[\w$]+$/.test(code)) return [{ kind: 'name', text: code }];
  return [{ kind: /^[\w$]+: /.test(code) ? 'keyed' : 'code', text: code }];
}

/** Returns whether a fragment contains a value without a known sample. */
export const hasUnknown = ({ text }: Fragment): boolean => new RegExp(placeholder).test(text);
