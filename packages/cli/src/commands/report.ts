import { Command } from 'commander';
import { defaultRuns, type ReportFlags } from '../flags.js';
import type { Terminal } from '../terminal.js';

/** `temper report`: what runs or a comparison gave, as a page. */
export function reportCommand(terminal: Terminal): Command {
  return new Command('report')
    .summary('write a report of runs or of a comparison')
    .description(
      'Writes report.html (temperature, weights, losses, metrics, calibration, confusion, cost, config), report.md for a pull ' +
        'request and summary.json, and a model card next to each student. Students are evaluated on the test data of their run.',
    )
    .argument('<runs...>', 'names or folders of runs, or of one comparison')
    .option(
      '--out <folder>',
      'folder of the report (default: report in the folder of the run or comparison; of several runs, in this folder)',
    )
    .option('--config <file>', 'a config whose own plug-ins the data need')
    .option('--no-evaluate', 'load no data and no networks: no calibration, confusion and times')
    .option('--runs <folder>', 'folder that holds the folders of all runs', defaultRuns)
    .option('--json', 'print the summary as one JSON document')
    .action(async (given: readonly string[], flags: ReportFlags) => {
      const { report } = await import('../report/report.js');
      await report(given, flags, terminal);
    });
}
