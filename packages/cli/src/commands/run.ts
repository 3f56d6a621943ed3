import { Command } from 'commander';
import { defaultRuns, type RunFlags } from '../flags.js';
import { collect } from '../options.js';
import type { Terminal } from '../terminal.js';

/** `temper run`: distils as a config says. */
export function runCommand(terminal: Terminal, end: (status: number) => void): Command {
  return new Command('run')
    .summary('distil a student as a config says')
    .description('Trains or loads the teacher, distils the student from it, and keeps the result in a folder of its own.')
    .argument('[config]', 'a .ts, .js, .mjs or .json file (default: temper.config.* in this folder)')
    .option(
      '--set <path=value>',
      'change one value of the config, for instance stages[0].temperature.from=10; may be repeated',
      collect,
      [],
    )
    .option(
      '--data <path or type>',
      'other data: a folder of IDX (MNIST) files, a .csv file, the name of a data set, or its config as JSON',
    )
    .option('--name <name>', 'name of the run and its folder')
    .option('--runs <folder>', 'folder that holds the folders of all runs', defaultRuns)
    .option('--deterministic', 'the same bits every time on the same machine')
    .option('--resume <name>', 'go on with the run of this name; without a config, with the one it was started with')
    .option('--force', 'resume although the config has changed')
    .option('--allow <path>', 'resume although the config has changed at this path; may be repeated', collect, [])
    .option(
      '--write-to <folder>',
      "let reporters of the config write in this folder too, besides the run's own; may be repeated",
      collect,
      [],
    )
    .option('--setup', 'install the native engine first where it is missing; where it cannot be had, train in JavaScript')
    .option('--json', 'print the summary as one JSON document')
    .action(async (path: string | undefined, flags: RunFlags) => {
      const { run } = await import('../run.js');
      end(await run(path, flags, terminal));
    });
}
