import { Command, Option } from 'commander';
import { defaultRuns, type EvaluateFlags } from '../flags.js';
import { count } from '../options.js';
import type { Terminal } from '../terminal.js';

/** Creates `temper evaluate`: evaluates a saved student on labelled data. */
export function evaluateCommand(terminal: Terminal): Command {
  return new Command('evaluate')
    .summary('judge a saved student on labelled data')
    .description('Prints the metrics of a saved student, precision, recall and F1 of each class, the confusion matrix and the calibration.')
    .argument('<student>', 'name or folder of a run (its student), NAME/teacher, or the folder of a saved network')
    .option('--data <path or type>', 'as `--data` of temper run; default: the data of the run')
    .addOption(
      new Option(
        '--part <name>',
        'part of the samples; default: the test part, or all samples of a file or folder that is not the data of the run',
      ).choices(['train', 'validation', 'test', 'all']),
    )
    .option(
      '--config <file>',
      'a config whose own plug-ins the data or metrics need (for metrics, default: temper.config.* in this folder)',
    )
    .option('--bins <n>', 'bins of the calibration', count(1000), 15)
    .option('--runs <folder>', 'folder that holds the folders of all runs', defaultRuns)
    .option('--json', 'print one JSON document')
    .action(async (student: string, flags: EvaluateFlags) => {
      const { evaluate } = await import('../evaluate.js');
      await evaluate(student, flags, terminal);
    });
}
