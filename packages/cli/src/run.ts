import { basename } from 'node:path';
import { createKit, TemperError, Tokens, type ResumeOptions } from '@temper/core';
import { loadBackend, node } from '@temper/node';
import { defaultRuns, type RunFlags } from './commands/run.js';
import { configForRun } from './config/for-run.js';
import { exit } from './exit.js';
import { printError } from './failure.js';
import { watchInterrupts } from './interrupt.js';
import { printJson } from './json.js';
import { createDisplay } from './reporters/display.js';
import { summaryJson, summaryText } from './reporters/summary.js';
import { withStandard } from './standard.js';
import type { Terminal } from './terminal.js';

/** Runs a distillation in sight of the terminal; gives the exit status. */
export async function run(path: string | undefined, flags: RunFlags, terminal: Terminal): Promise<number> {
  const { plugins, complete } = await configForRun(path, flags);
  const kit = createKit({ plugins: withStandard(plugins, [node({ runs: flags.runs })]) });
  const config = await complete(kit.definitions.filter(({ kind }) => kind === 'data').map(({ type }) => type));
  // Mistakes in the config show at once, before anything that takes time.
  kit.parse(config);

  const display = await createDisplay(terminal);
  let location = (): string | undefined => undefined;
  const interrupts = watchInterrupts(() => display.note('Stopping after the update under way. Once more stops at once, without saving.'));
  try {
    for (const { message, hint } of (await loadBackend()).warnings) display.note(`${terminal.colors.err.yellow('warning:')} ${message}\n  ${hint}`);
    const result = await kit.run(config, {
      signal: interrupts.signal,
      reporters: [display],
      resume: resumeOf(flags),
      services: (container) => {
        location = () => (container.isBound(Tokens.RunStore) ? container.get(Tokens.RunStore).location : undefined);
      },
    });
    display.close();
    if (flags.json === true) printJson(terminal, summaryJson(result));
    else terminal.out(summaryText(result, terminal.colors.out));
    result.student.dispose();
    result.teacher?.dispose();
    return exit.done;
  } catch (error) {
    if (interrupts.status === undefined || !isStop(error)) throw error;
    display.close();
    terminal.err(error.message);
    const kept = location();
    if (kept !== undefined) terminal.err(`  Go on with: ${resumeCommand(path, flags, basename(kept))}`);
    if (flags.json === true) printError(terminal, error, { location: location() });
    return interrupts.status;
  } finally {
    display.close();
    interrupts.release();
  }
}

const resumeOf = ({ resume, force, allow }: RunFlags): ResumeOptions => {
  if (resume === undefined) return false;
  if (force === true) return { force };
  return allow.length === 0 ? true : { force: allow };
};

/** The command that goes on with a run: what was given, but for what names the run and what was allowed. */
function resumeCommand(path: string | undefined, { set, data, runs, deterministic }: RunFlags, name: string): string {
  const given = [
    ...(path === undefined ? [] : [path]),
    ...set.flatMap((one) => ['--set', one]),
    ...(data === undefined ? [] : ['--data', data]),
    ...(runs === defaultRuns ? [] : ['--runs', runs]),
    ...(deterministic === true ? ['--deterministic'] : []),
  ];
  const quoted = (word: string): string => (/^[\w./=:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
  return ['temper run', ...given.map(quoted), '--resume', name].join(' ');
}

const isStop = (error: unknown): error is TemperError => error instanceof TemperError && error.code === 'run/stopped';
