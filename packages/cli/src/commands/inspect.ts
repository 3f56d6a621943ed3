import { Command, Option } from 'commander';
import { defaultRuns, type InspectFlags } from '../flags.js';
import { count, listOf, positive } from '../options.js';
import type { Terminal } from '../terminal.js';

/** Creates `temper inspect`: the effect of temperature on a teacher's predictions. */
export function inspectCommand(terminal: Terminal): Command {
  return new Command('inspect')
    .summary('measure what temperature does to a teacher')
    .description(
      'Prints entropy, probability of the wrong classes and similarity of the classes for temperatures from 1 to 20, as a saved ' +
        'teacher gives them for real samples, and measures the claim that T = 10 has 30 % more information about similarity than T = 1.',
    )
    .argument('[run or config]', 'name or folder of a run (its teacher), RUN/student, or a config whose teacher is a saved network')
    .addOption(new Option('--part <name>', 'part of the data').choices(['train', 'validation', 'test']).default('validation'))
    .option('--samples <n>', 'number of samples to measure, spread over the part', count(1_000_000), 2000)
    .option('--temperature <T>', 'temperature of the similarity matrix and of the figures by class', positive, 4)
    .option('--show <numbers>', 'samples whose probabilities are printed, counted from 1 (default: 1,2,3)', listOf(count(1_000_000_000)))
    .option('--config <file>', 'a config whose own plug-ins the data need')
    .option('--runs <folder>', 'folder that holds the folders of all runs', defaultRuns)
    .option('--json', 'print one JSON document')
    .action(async (given: string | undefined, flags: InspectFlags) => {
      const { inspect } = await import('../inspect/inspect.js');
      await inspect(given, flags, terminal);
    });
}
