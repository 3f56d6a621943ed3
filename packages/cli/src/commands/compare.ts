import { Command } from 'commander';
import { defaultRuns, type CompareFlags } from '../flags.js';
import { count } from '../options.js';
import type { Terminal } from '../terminal.js';

/** The names in `builtInComparisons`; repeated here, so that help need not load them. */
const names = ['schedule-vs-constant'];

/** Creates `temper compare`: variants over seeds, with statistics. */
export function compareCommand(terminal: Terminal, end: (status: number) => void): Command {
  return new Command('compare')
    .summary('compare variants of a config over seeds')
    .description(
      'Runs each variant with each seed, in several processes, and says what may be concluded. The best variant is chosen on ' +
        'validation data and judged on test data. The same command goes on with a comparison that was stopped.',
    )
    .argument('[comparison]', 'a .ts, .js, .mjs or .json file (default: temper.compare.* in this folder)')
    .option('--builtin <name>', `a comparison that Temper brings: ${names.join(', ')}`)
    .option('--config <file>', 'the config that all variants begin with (default: temper.config.* beside the comparison)')
    .option('--name <name>', 'name of the comparison and its folder')
    .option('--seeds <n>', 'number of seeds, counted from 1', count(1000))
    .option('--sample <n>', 'so many combinations of the grid, chosen at random, always the same ones', count(1000))
    .option('--budget <n>', 'cost in complete runs: short runs first, of which the worse half is dropped again and again', count(1e9))
    .option('--retry <n>', 'try a run that fails again, up to so many times', count(100), 0)
    .option('--results <file>', 'write the table as Markdown, with the command that repeats it')
    .option('--workers <n>', 'runs at once (default: one for each processor)', count(1000))
    .option('--threads <n>', 'threads of each worker; the same number gives the same figures', count(1000), 1)
    .option('--runs <folder>', 'folder that holds the folders of all runs', defaultRuns)
    .option('--json', 'print the figures as one JSON document')
    .action(async (path: string | undefined, flags: CompareFlags) => {
      const { compare } = await import('../compare/compare.js');
      end(await compare(path, flags, terminal));
    });
}
