import { Command } from 'commander';
import type { PreviewFlags } from '../flags.js';
import { collect, count } from '../options.js';
import type { Terminal } from '../terminal.js';

/** Creates `temper preview`: temperature and weights over a run, before it is run. */
export function previewCommand(terminal: Terminal): Command {
  return new Command('preview')
    .summary('show temperature and weights over a run without training')
    .description('Shows the temperature and the loss weights over a run, or one schedule alone, without data, networks or training.')
    .argument('[config]', 'a .ts, .js, .mjs or .json file (default: temper.config.* in this folder)')
    .option('--schedule <json>', 'show this schedule alone, for instance \'{"type":"linear","from":20,"to":1}\'')
    .option('--layers', 'show the layers that the losses compare; loads the data and builds the networks')
    .option('--steps <n>', 'number of updates of the schedule (default: 100)', count(1_000_000))
    .option('--epochs <n>', 'number of epochs of the schedule', count(100_000))
    .option('--steps-per-epoch <n>', 'updates in one epoch, if the size of the data is not known', count(1_000_000))
    .option('--set <path=value>', 'change one value of the config; may be repeated', collect, [])
    .option('--svg <file>', 'also draw an SVG file')
    .option('--json', 'print the values as one JSON document')
    .action(async (path: string | undefined, flags: PreviewFlags) => {
      if (flags.layers === true) {
        const { previewLayers } = await import('../preview/layers.js');
        return previewLayers(path, flags, terminal);
      }
      const { preview } = await import('../preview/preview.js');
      return preview(path, flags, terminal);
    });
}
