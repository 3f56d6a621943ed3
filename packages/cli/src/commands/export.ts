import { Command } from 'commander';
import type { Terminal } from '../terminal.js';
import { defaultRuns } from '../flags.js';

/** Creates `temper export`: writes a saved student as a TensorFlow SavedModel. */
export function exportCommand(terminal: Terminal): Command {
  return new Command('export')
    .summary('write a saved student as a TensorFlow SavedModel')
    .description(
      "Writes a saved student for Python's tf.saved_model.load and TensorFlow Serving: raw inputs in, logits out. Needs the " +
        'native backend.',
    )
    .argument('<student>', 'name or folder of a run (its student), NAME/teacher, or the folder of a saved network')
    .argument('<folder>', 'a new folder, or a SavedModel to replace; TensorFlow Serving needs a version as its name (models/digits/1)')
    .option('--runs <folder>', 'folder that holds the folders of all runs', defaultRuns)
    .action(async (student: string, folder: string, { runs }: { runs: string }) => {
      const { writeSavedModel } = await import('../export.js');
      await writeSavedModel(student, folder, runs);
      terminal.out(`saved in ${folder}`);
    });
}
