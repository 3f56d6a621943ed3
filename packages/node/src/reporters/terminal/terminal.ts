import { defineReporter, token, type Reporter } from '@temper/core';
import { z } from 'zod';
import { createDisplay } from './create-display.js';
import type { Display } from './display.js';
import { processScreen, type Screen } from './screen.js';

/**
 * Who shows a run on the terminal. The plug-in `reporters` binds it; a program that shows its runs itself binds its own
 * display, so that a config that names the reporter `terminal` as well shows nothing twice.
 */
export const TerminalReporter = token<Reporter>('temper.TerminalReporter');

/**
 * Shows the run on stderr: a progress bar on a terminal, a line now and then elsewhere. Under `temper run` it is there anyway,
 * named or not. Needs the plug-in `reporters`.
 * @example kit.run({ reporters: [{ type: 'terminal' }], data, teacher, student })
 */
export const terminal = defineReporter({
  type: 'terminal',
  options: z.strictObject({}),
  create: (_options, services) => services.get(TerminalReporter),
});

/** A display that is made at the first event: only then it shows whether there is anything to draw. */
export function terminalReporter(screen: () => Screen = processScreen): Reporter {
  let display: Promise<Display> | undefined;
  // Ctrl-C may end the program without a word to the run, and the cursor must not stay away.
  const shown = (): Promise<Display> => (display ??= createDisplay(screen(), { hideCursor: false }));
  return {
    name: 'terminal',
    report: async (event) => (await shown()).report(event),
    close: async () => (await display)?.close(),
  };
}
