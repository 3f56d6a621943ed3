import type { Command } from 'commander';
import { createProgram } from '../../main.js';
import { processTerminal } from '../../terminal.js';
import { checkJson, checkSetting } from './check-config.js';
import { foreign } from './samples.js';

/** Splits a command line into words, as a shell does. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain]) => single ?? double ?? plain ?? '');

const terminal = processTerminal();

/** Returns the real command, which parses and then does nothing. */
function parser(): Command {
  const program = createProgram(terminal, () => undefined);
  const silent = { writeErr: () => undefined, writeOut: () => undefined };
  program.configureOutput(silent);
  for (const command of program.commands) command.configureOutput(silent).action(() => undefined);
  return program;
}

/** Returns the problem of a command line of Temper or of another program. */
export function checkCommand(line: string): string | undefined {
  const words = wordsOf(line.replace(/^npx /, ''));
  const [program = '', ...args] = words;
  // A command that is only named.
  if (program === 'temper' && args.length === 1)
    return parser().commands.some((command) => command.name() === args[0]) ? undefined : `no command is called ${args.join()}`;
  if (program === 'temper')
    return (
      parse(args) ??
      args.map((word, i) => (word === '--set' ? checkSetting(args[i + 1] ?? '') : undefined)).find((reason) => reason !== undefined)
    );
  const known = foreign.programs[program];
  if (known === undefined) return `no program "${program}" is known`;
  const unknown = args.filter((word) => word.startsWith('-') && !known.includes(word.split('=')[0] as string));
  return unknown.length === 0 ? undefined : `${program} is not known to have ${unknown.join(', ')}`;
}

function parse(args: readonly string[]): string | undefined {
  try {
    // Parsing is synchronous, since the commands do nothing.
    parser().parse([...args], { from: 'user' });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Returns the problem of an option of the command (`--write-to FOLDER`), which is tried with every command that has it. */
export function checkFlag(text: string): string | undefined {
  const [, flag = '', value] = /^(--[a-z][\w-]*)(?:[= ](.*))?$/s.exec(text) ?? [];
  const commands = parser().commands.filter(({ options }) => options.some(({ long }) => long === flag));
  if (commands.length === 0 && !['--help', '--version'].includes(flag)) return `no command has ${flag}`;
  if (value === undefined) return undefined;
  const [plain = ''] = wordsOf(value);
  if (flag === '--set' && plain.includes('=')) return checkSetting(plain);
  if (flag === '--schedule' && plain.startsWith('{')) return checkJson('temperature', plain);
  if (flag === '--data' && plain.startsWith('{')) return checkJson('data', plain);
  const reasons = commands.map((command) => parse([command.name(), ...requiredOf(command), flag, plain]));
  return reasons.includes(undefined) ? undefined : reasons[0];
}

/** Returns the required arguments and options of a command. */
const requiredOf = ({ registeredArguments, options }: Command): string[] => [
  ...registeredArguments.filter(({ required }) => required).map(() => 'first'),
  ...options.filter(({ mandatory }) => mandatory).flatMap(({ long }) => [long ?? '', 'first.csv']),
];
