import { Command } from 'commander';
import { exit } from '../exit.js';
import { printJson } from '../json.js';
import type { Terminal } from '../terminal.js';

/** Creates `temper setup`: installs the native engine for the packages of this command. */
export function setupCommand(terminal: Terminal, end: (status: number) => void): Command {
  return new Command('setup')
    .summary('install the native TensorFlow engine')
    .description(
      'Installs the native TensorFlow engine next to Temper: in this project, or where this command is installed. The ' +
        'library is stored in a ' +
        `cache of the user, once for all projects. Exit status ${exit.userMistake} if this machine lacks something; ` +
        `training then runs in JavaScript.`,
    )
    .option('--force', 'build the binding and the kernels again, even if they work')
    .option('--json', 'print one JSON document')
    .action(async ({ force = false, json }: { force?: boolean; json?: boolean }) => {
      const { createSetupPrinter, describeSetup, setupBackend } = await import('@temper/node');
      const report = await setupBackend({ force, report: createSetupPrinter(process.stderr) });
      if (json === true)
        printJson(terminal, {
          ...report,
          problems: report.problems.map(({ code, details }) => ({ code, message: details.message, hint: details.hint })),
        });
      else if (report.native) terminal.out(describeSetup(report));
      else terminal.err(describeSetup(report));
      end(report.native ? exit.done : exit.userMistake);
    });
}
