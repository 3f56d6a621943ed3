import { createRequire } from 'node:module';
import { safeText } from '@temper/node/screen';
import { Command } from 'commander';
import { compareCommand } from './commands/compare.js';
import { doctorCommand } from './commands/doctor.js';
import { evaluateCommand } from './commands/evaluate.js';
import { explainCommand } from './commands/explain.js';
import { exportCommand } from './commands/export.js';
import { inspectCommand } from './commands/inspect.js';
import { listCommand } from './commands/list.js';
import { predictCommand } from './commands/predict.js';
import { previewCommand } from './commands/preview.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import { schemaCommand } from './commands/schema.js';
import { setupCommand } from './commands/setup.js';
import { exit } from './exit.js';
import { reportFailure } from './failure.js';
import { processTerminal, reserveStdout, type Terminal } from './terminal.js';
import { ownVersion } from './version.js';

/** Runs a command line, given without the names of node and the script; returns the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  const json = args.includes('--json');
  if (json) reserveStdout();
  const fail = (error: unknown): number => reportFailure(error, terminal, json);
  // Errors that escape a plug-in's callback must not end in a stack trace either.
  const escaped = (error: unknown): void => process.exit(fail(error));
  process.once('uncaughtException', escaped).once('unhandledRejection', escaped);
  // A file that exceeds its limit (ulimit -f) is an error of the write; by default, the signal ends the process without a message.
  process.on('SIGXFSZ', () => undefined);
  try {
    let status: number = exit.done;
    const program = createProgram(terminal, (code) => {
      status = code;
    }).hook('preAction', loadOneByOne);
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    return fail(error);
  }
}

/** Creates the command and its subcommands, which load their parts when they run. */
export function createProgram(terminal: Terminal, end: (status: number) => void): Command {
  const program = new Command('temper')
    .description('Distils a large network into a small one, under schedules that change during training.')
    .version(ownVersion(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError('(add --help for usage)')
    .configureOutput({
      outputError: (text, write) => write(`${terminal.colors.err.red('temper:')} ${safeText(text.replace(/^error: /, ''), false)}`),
    })
    .exitOverride()
    .addHelpText('after', statuses);
  for (const make of [
    runCommand,
    compareCommand,
    predictCommand,
    evaluateCommand,
    inspectCommand,
    explainCommand,
    reportCommand,
    exportCommand,
    previewCommand,
    setupCommand,
    doctorCommand,
    schemaCommand,
    listCommand,
  ]) {
    program.addCommand(make(terminal, end).copyInheritedSettings(program));
  }
  return program;
}

/**
 * Loads the packages one file after the other. An import opens all files that a file imports at once, which exceeds a low limit of open
 * files (`ulimit -n 64`); `require` reads each file before it opens the next.
 */
function loadOneByOne(_: Command, command: Command): void {
  const load = createRequire(import.meta.url);
  load('./standard.js');
  if (needNode.includes(command.name())) load('@temper/node');
}

/** Commands that work with networks, run folders or the native backend. */
const needNode: readonly string[] = ['run', 'compare', 'predict', 'evaluate', 'inspect', 'explain', 'report', 'export', 'setup', 'doctor'];

const statuses =
  `\nExit status: ${exit.done} done, ${exit.failed} failed run, ${exit.userMistake} mistake in the input, ` +
  `${exit.interrupted} interrupted.`;
