import { defineReporter, token, type Reporter } from '@temper/core';
import { z } from 'zod';
import { createDisplay } from './create-display.js';
import type { Display } from './display.js';
import { processScreen, type Screen } from './screen.js';

/**
 * The display of runs on the terminal. The plug-in `reporters` binds it; a program that shows its runs itself binds its own display, so
 * that a config with the reporter `terminal` shows nothing twice.
 */
export const TerminalReporter = token<Reporter>('temper.TerminalReporter');

/**
 * Shows the run on stderr: a progress bar on a terminal, occasional lines elsewhere. `temper run` always shows it, named or not. Needs
 * the plug-in `reporters`.
 * @example kit.run({ reporters: [{ type: 'terminal' }], data, teacher, student })
 */
export const terminal = defineReporter({
  type: 'terminal',
  options: z.strictObject({}),
  create: (_options, services) => services.get(TerminalReporter),
});

/** Returns a display that is created at the first event, when it is known whether bars can be drawn. */
export function terminalReporter(screen: () => Screen = processScreen): Reporter {
  let display: Promise<Display> | undefined;
  // Ctrl-C may end the program without a call to the run, and the cursor must not stay hidden.
  const shown = (): Promise<Display> => (display ??= createDisplay(screen(), { hideCursor: false }));
  return {
    name: 'terminal',
    report: async (event) => (await shown()).report(event),
    close: async () => (await display)?.close(),
  };
}
