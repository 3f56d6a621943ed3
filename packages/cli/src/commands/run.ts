import { Command } from 'commander';
import { defaultRuns, type RunFlags } from '../flags.js';
import { collect } from '../options.js';
import type { Terminal } from '../terminal.js';

/** Creates `temper run`: distils by a config. */
export function runCommand(terminal: Terminal, end: (status: number) => void): Command {
  return new Command('run')
    .summary('distil a student according to a config')
    .description('Trains or loads the teacher, distils the student from it, and saves the result in a new folder.')
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
    .option('--deterministic', 'make runs on the same machine identical to the bit')
    .option('--resume <name>', 'continue the run of this name; without a config, with the config it was started with')
    .option('--force', 'resume although the config has changed')
    .option('--allow <path>', 'resume although the config has changed at this path; may be repeated', collect, [])
    .option(
      '--write-to <folder>',
      'allow reporters of the config to write in this folder, in addition to the folder of the run; may be repeated',
      collect,
      [],
    )
    .option('--setup', 'install the native engine first if it is missing; train in JavaScript if it cannot be installed')
    .option('--json', 'print the summary as one JSON document')
    .action(async (path: string | undefined, flags: RunFlags) => {
      const { run } = await import('../run.js');
      end(await run(path, flags, terminal));
    });
}
