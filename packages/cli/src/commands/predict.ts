import { Command } from 'commander';
import { defaultRuns, type PredictFlags } from '../flags.js';
import { count, positive } from '../options.js';
import type { Terminal } from '../terminal.js';

/** Creates `temper predict`: names the classes of samples in a file. */
export function predictCommand(terminal: Terminal): Command {
  return new Command('predict')
    .summary('name the classes of samples in a file')
    .description(
      'Prints the class and its probability for each sample of a file, as predicted by a saved student. Raw samples are ' +
        'prepared as in its training.',
    )
    .argument('<student>', 'name or folder of a run (its student), NAME/teacher, or the folder of a saved network')
    .requiredOption(
      '--input <file>',
      'a CSV file (with or without the label), an IDX file of images, JSON lines, or - for JSON lines or CSV on stdin',
    )
    .option('--top <k>', 'number of likeliest classes to show', count(1000), 1)
    .option('--temperature <T>', 'divide the logits by this number; above 1 the probabilities are softer', positive, 1)
    .option('--runs <folder>', 'folder that holds the folders of all runs', defaultRuns)
    .option('--json', 'print one JSON document a line for each sample')
    .action(async (student: string, flags: PredictFlags) => {
      const { predict } = await import('../predict.js');
      await predict(student, flags, terminal);
    });
}
