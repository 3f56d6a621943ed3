import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const markdown = (folder: string): string[] =>
  readdirSync(root + folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);

/** The README, the guides and the READMEs of the packages, from the root. */
export const pages: readonly string[] = [
  'README.md',
  ...markdown('docs'),
  ...readdirSync(`${root}packages`).map((name) => `packages/${name}/README.md`),
];

/** A block of code that a reader may copy. */
export interface Snippet {
  readonly page: string;
  readonly line: number;
  readonly language: 'ts' | 'js' | 'sh';
  readonly code: string;
  /** Why it is not run, where a comment before it says so: `<!-- snippet: not run: REASON -->`. */
  readonly notRun?: string;
}

const block = /^(?:<!-- snippet: (?<directive>.*) -->\n)?```(?<language>ts|js|sh)\n(?<code>[\s\S]*?)^```$/gm;

/**
 * The TypeScript and shell blocks of a page, in order. A block after `<!-- snippet: continues -->` is the rest of the TypeScript block
 * before it: both are one program.
 */
export function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(root + page, 'utf8');
  const found: Snippet[] = [];
  for (const { index, groups = {} } of text.matchAll(block)) {
    const { directive, language, code = '' } = groups;
    const [, notRun] = /^not run: (.+)$/.exec(directive ?? '') ?? [];
    if (directive !== undefined && directive !== 'continues' && notRun === undefined)
      throw new Error(`${page}: unknown directive "${directive}"`);
    const last = found.at(-1);
    if (directive === 'continues' && last !== undefined) found[found.length - 1] = { ...last, code: `${last.code}\n${code}` };
    else
      found.push({
        page,
        line: text.slice(0, index).split('\n').length,
        language: language as Snippet['language'],
        code,
        ...(notRun === undefined ? {} : { notRun }),
      });
  }
  return found;
}
