import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join, relative, sep } from 'node:path';

/** Where a command would be typed. */
export interface Shell {
  /** The working folder. */
  readonly folder: string;
  /** The folders of PATH. */
  readonly path: readonly string[];
  /** The program that this process was started with. */
  readonly script: string | undefined;
}

const thisShell = (): Shell => ({ folder: process.cwd(), path: (process.env['PATH'] ?? '').split(delimiter), script: process.argv[1] });

/** For projects without the command: what its words do in one line of JavaScript. */
const inJavaScript: Readonly<Record<string, string>> = {
  setup: 'setupBackend()',
  'setup --force': 'setupBackend({ force: true })',
  doctor: 'diagnose().then(console.log)',
};

/**
 * What to type in this shell for `temper WORDS`: `npx temper` where the project has the command, `temper` where it is on the PATH, else
 * the program that this process was started with. npx without a local command would fetch an unrelated package of that name.
 * @example shellCommand('setup') // npx temper setup
 */
export function shellCommand(words: string, { folder, path, script }: Shell = thisShell()): string {
  if (commandIn(ancestors(folder).map((parent) => join(parent, 'node_modules', '.bin')))) return `npx temper ${words}`;
  // What npx and package scripts put on the PATH is not there in the user's shell.
  if (commandIn(path.filter((one) => one !== '' && !one.split(sep).includes('node_modules')))) return `temper ${words}`;
  if (script !== undefined && existsSync(script) && basename(realpathSync(script)) === program)
    return `node ${quoted(relative(folder, script))} ${words}`;
  const call = inJavaScript[words];
  return call === undefined ? `temper ${words}` : `node -e "import('@temper/node').then((temper) => temper.${call})"`;
}

/** A word as a shell reads it. */
export const quoted = (word: string): string => (/^[\w./=:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const program = 'temper.mjs';

/** Whether one of these folders holds this command, and not another one of the same name. */
const commandIn = (folders: readonly string[]): boolean =>
  folders.some((folder) => ['temper', 'temper.cmd'].map((name) => join(folder, name)).some((file) => existsSync(file) && leadsHere(file)));

/** A package manager makes a link to the program, or a short script that names it. */
const leadsHere = (file: string): boolean => basename(realpathSync(file)) === program || readFileSync(file, 'utf8').includes(program);

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
