import { Command } from 'commander';
import { printJson } from '../json.js';
import type { Terminal } from '../terminal.js';

/** Creates `temper list`: every strategy that a config may name. */
export function listCommand(terminal: Terminal): Command {
  return new Command('list')
    .summary('list every strategy a config may name')
    .description(
      'Lists every schedule, weighting, loss, optimizer, metric, data set, model, recipe and reporter that a config may ' +
        'name, with its options.',
    )
    .argument(
      '[config]',
      'a config whose own plug-ins are included (default: temper.config.* in this folder); the standard plug-ins always are',
    )
    .option('--metrics', 'list the metrics of evaluations and their meaning')
    .option('--json', 'print one JSON document')
    .action(async (path: string | undefined, { metrics, json }: { metrics?: boolean; json?: boolean }) => {
      if (metrics) return listMetrics(path, terminal, json === true);
      const [{ loadKit }, { catalogueOf }] = await Promise.all([import('../config/kit.js'), import('../catalogue.js')]);
      const entries = catalogueOf(await loadKit(path));
      if (json) return printJson(terminal, entries);
      const { bold, dim } = terminal.colors.out;
      let heading = '';
      for (const { kind, type, options } of entries) {
        if (kind !== heading) terminal.out(bold(kind));
        heading = kind;
        const named = options.map(({ name, required }) => (required ? name : `[${name}]`)).join(' ');
        terminal.out(`  ${type.padEnd(24)} ${dim(named)}`.trimEnd());
      }
    });
}

/** Lists every metric of the kit on a line of at most 80 columns. */
async function listMetrics(path: string | undefined, terminal: Terminal, json: boolean): Promise<void> {
  const [{ loadKit }, { metricsOf }] = await Promise.all([import('../config/kit.js'), import('../catalogue.js')]);
  const metrics = metricsOf(await loadKit(path));
  if (json) return printJson(terminal, metrics);
  const { dim } = terminal.colors.out;
  const width = Math.max(...metrics.map(({ type }) => type.length));
  for (const { type, meaning, better } of metrics) {
    const direction = `${better === 'max' ? 'larger' : 'smaller'} is better`;
    terminal.out(`${type.padEnd(width)} ${meaning}${dim(meaning === '' ? direction : `; ${direction}`)}`);
  }
  const compared = metrics.filter(({ needs }) => needs.includes('teacher')).map(({ type }) => type);
  terminal.out(dim(`All use temperature 1. Compared with the teacher: ${compared.join(', ')}.`));
}
