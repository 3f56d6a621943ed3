import { Command, Option } from 'commander';
import { defaultRuns, type ExplainFlags } from '../flags.js';
import { count, listOf, positive } from '../options.js';
import type { Terminal } from '../terminal.js';

/** Creates `temper explain`: one sample with the probabilities of teacher and student. */
export function explainCommand(terminal: Terminal): Command {
  return new Command('explain')
    .summary("show a sample with its teacher's and student's probabilities")
    .description(
      'Prints a sample of the data of a run (a picture, a text or a row), its label, and the probabilities of teacher and student at ' +
        'several temperatures.',
    )
    .argument('<run>', 'name or folder of a run')
    .requiredOption('--sample <n>', 'number of the sample in its part, counted from 1', count(1_000_000_000))
    .addOption(new Option('--part <name>', 'part of the data').choices(['train', 'validation', 'test']).default('test'))
    .option('--temperatures <list>', 'temperatures, with commas between them', listOf(positive), [1, 4, 20])
    .option('--top <k>', 'number of classes to show, the likeliest first', count(1000), 5)
    .option('--config <file>', 'a config whose own plug-ins the data need')
    .option('--runs <folder>', 'folder that holds the folders of all runs', defaultRuns)
    .option('--json', 'print one JSON document')
    .action(async (given: string, flags: ExplainFlags) => {
      const { explain } = await import('../inspect/explain.js');
      await explain(given, flags, terminal);
    });
}
