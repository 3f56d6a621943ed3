import { Command } from 'commander';
import { printJson } from '../json.js';
import type { Terminal } from '../terminal.js';

/** Creates `temper schema`: the JSON Schema of a run's config. */
export function schemaCommand(terminal: Terminal): Command {
  return new Command('schema')
    .summary('print the JSON Schema of a config')
    .description('Prints the JSON Schema (draft 2020-12) of a config, for editors and other programs.')
    .argument(
      '[config]',
      'a config whose own plug-ins are included (default: temper.config.* in this folder); the standard plug-ins always are',
    )
    .action(async (path?: string) => {
      const { loadKit } = await import('../config/kit.js');
      const kit = await loadKit(path);
      printJson(terminal, kit.jsonSchema());
    });
}
