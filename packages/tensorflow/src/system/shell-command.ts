import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join, relative, sep } from 'node:path';

/** The shell in which a command would be typed. */
export interface Shell {
  /** The working folder. */
  readonly folder: string;
  /** The folders of PATH. */
  readonly path: readonly string[];
  /** The program that started this process. */
  readonly script: string | undefined;
}

const thisShell = (): Shell => ({ folder: process.cwd(), path: (process.env['PATH'] ?? '').split(delimiter), script: process.argv[1] });

/** Lines of JavaScript with the effect of a command, for projects without the command. */
const inJavaScript: Readonly<Record<string, string>> = {
  setup: 'setupBackend()',
  'setup --force': 'setupBackend({ force: true })',
  doctor: 'diagnose().then(console.log)',
};

/**
 * Returns the command to type in this shell for `temper WORDS`: `npx temper` where the project has the command, `temper` where it is on
 * the PATH, else the program that started this process. npx without a local command would fetch an unrelated package of that name.
 * @example shellCommand('setup') // npx temper setup
 */
export function shellCommand(words: string, { folder, path, script }: Shell = thisShell()): string {
  if (commandIn(ancestors(folder).map((parent) => join(parent, 'node_modules', '.bin')))) return `npx temper ${words}`;
  // Entries that npx and package scripts add to the PATH are not in the user's shell.
  if (commandIn(path.filter((one) => one !== '' && !one.split(sep).includes('node_modules')))) return `temper ${words}`;
  if (script !== undefined && existsSync(script) && basename(realpathSync(script)) === program)
    return `node ${quoted(relative(folder, script))} ${words}`;
  const call = inJavaScript[words];
  return call === undefined ? `temper ${words}` : `node -e "import('@temper/node').then((temper) => temper.${call})"`;
}

/** Quotes a word for a shell. */
export const quoted = (word: string): string => (/^[\w./=:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const program = 'temper.mjs';

/** Returns whether one of these folders contains this command, and not another one of the same name. */
const commandIn = (folders: readonly string[]): boolean =>
  folders.some((folder) => ['temper', 'temper.cmd'].map((name) => join(folder, name)).some((file) => existsSync(file) && leadsHere(file)));

/** Returns whether a file is a link to the program by a package manager, or a short script that names it. */
const leadsHere = (file: string): boolean => basename(realpathSync(file)) === program || readFileSync(file, 'utf8').includes(program);

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
