import type { Colors } from '@temper/node/screen';
import { Command } from 'commander';
import { exit } from '../exit.js';
import { printJson } from '../json.js';
import type { Terminal } from '../terminal.js';

/** Creates `temper doctor`: the active backend, the reason for it, and remedies for parts that do not work. */
export function doctorCommand(terminal: Terminal, end: (status: number) => void): Command {
  return new Command('doctor')
    .summary('show which backend is used, why, and how to fix problems')
    .description('Checks everything that the native TensorFlow backend needs. Changes nothing; exit status 1 if a check failed.')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      const { diagnose } = await import('@temper/node');
      const diagnosis = await diagnose();
      if (json) printJson(terminal, diagnosis);
      else {
        const colors = terminal.colors.out;
        const width = Math.max(...diagnosis.checks.map(({ name }) => name.length));
        for (const { name, status, found, mend } of diagnosis.checks) {
          terminal.out(`${mark(status, colors)} ${name.padEnd(width)}  ${found}`);
          if (mend !== undefined) terminal.out(`${' '.repeat(width + 9)}→ ${mend}`);
        }
        const { backend, healthy } = diagnosis;
        terminal.out(`\n${colors.bold(`Runs use the ${backend.native ? 'native TensorFlow' : 'JavaScript'} backend`)}: ${backend.reason}.`);
        if (!healthy) terminal.out('A check failed; the arrows above name the remedies.');
      }
      end(diagnosis.healthy ? exit.done : exit.failed);
    });
}

/** Marks a status in words as well as in colour. */
function mark(status: 'ok' | 'warning' | 'failed', { green, yellow, red }: Colors): string {
  return { ok: green('ok     '), warning: yellow('warning'), failed: red('failed ') }[status];
}
