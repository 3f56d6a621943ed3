import type { TemperError } from '@temper/core';
import { shellCommand } from '@temper/tensorflow/shell';
import { CommanderError } from 'commander';
import { exit } from './exit.js';
import { printJson } from './json.js';
import type { Terminal } from './terminal.js';

/** Reports an error to the user, and returns the exit status, which tells a user's mistake from a failure. */
export function reportFailure(error: unknown, terminal: Terminal, json: boolean): number {
  if (error instanceof CommanderError) {
    // commander has already printed its message; help and version come this way too.
    if (error.exitCode === 0) return exit.done;
    if (json) printJson(terminal, { error: { code: 'usage', message: error.message.replace(/^error: /, '') } });
    return exit.userMistake;
  }
  const { red, dim } = terminal.colors.err;
  if (isTemperError(error)) {
    terminal.err(`${red('temper:')} ${error.message}`);
    if (json) printError(terminal, error);
  } else {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    terminal.err(`${red('temper: unexpected error:')} ${message}`);
    terminal.err('  This is an error in Temper or in a plug-in. Run again with TEMPER_DEBUG=1 to see where it happens,');
    terminal.err(`  and report that output with the command, the config and what \`${shellCommand('doctor')}\` prints.`);
    if (json) printJson(terminal, { error: { code: 'unexpected', message } });
  }
  if (process.env['TEMPER_DEBUG'] === '1') terminal.err(dim(stackOf(error)));
  return isTemperError(error) && error.fault === 'user' ? exit.userMistake : exit.failed;
}

/** Prints an error in its parts as the JSON document on stdout. */
export const printError = (terminal: Terminal, error: TemperError, more: object = {}): void =>
  printJson(terminal, { error: { ...error.toJSON(), ...more } });

/** Compares the name, so that an error from another copy of the core package counts as well. */
function isTemperError(error: unknown): error is TemperError {
  return error instanceof Error && error.name === 'TemperError' && 'fault' in error;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
