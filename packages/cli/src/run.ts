import { basename } from 'node:path';
import {
  createKit,
  TemperError,
  Tokens,
  type AnyDefinition,
  type ErrorCode,
  type Kit,
  type ResumeOptions,
  type RunInput,
} from '@temper/core';
import { createDisplay, createSetupPrinter, describeSetup, node, setupBackend, TerminalReporter } from '@temper/node';
import { quoted, shellCommand } from '@temper/tensorflow/shell';
import { defaultRuns, type RunFlags } from './flags.js';
import { configForRun, configOfRun } from './config/for-run.js';
import { exit } from './exit.js';
import { printError } from './failure.js';
import { watchInterrupts } from './interrupt.js';
import { printJson } from './json.js';
import { showReading } from './reading.js';
import { withStandard } from './standard.js';
import { summaryJson, summaryText } from './summary.js';
import type { Terminal } from './terminal.js';

/** Runs a distillation and shows it on the terminal; returns the exit status. */
export async function run(path: string | undefined, flags: RunFlags, terminal: Terminal): Promise<number> {
  const { plugins, found, isStored, folders, complete } = await configForRun(path, flags);
  const display = await createDisplay(terminal);
  const onRead = showReading((event) => display.report(event));
  const kit = createKit({ plugins: withStandard(plugins, [node({ runs: flags.runs, folders, writable: flags.writeTo, onRead })]) });
  const given = await complete(kit.definitions.filter(({ kind }) => kind === 'data').map(({ type }) => type));
  // Mistakes in the config are reported at once, before slow operations.
  const config = checked(kit, given, isStored);
  if (flags.setup === true) await setUp(terminal);

  let location = (): string | undefined => undefined;
  const interrupts = watchInterrupts(() =>
    display.note('Stopping after the current update. Press Ctrl-C again to stop at once, ' + 'without saving.'),
  );
  try {
    const result = await kit.run(config, {
      signal: interrupts.signal,
      reporters: [display],
      resume: resumeOf(flags),
      services: (container) => {
        // The reporter `terminal` of a config is this display.
        container.rebind(TerminalReporter).toConstantValue(display);
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
    if (found !== undefined && flags.resume !== undefined && isTemper(error, 'run/changed'))
      throw withOwnConfig(error, found, flags.runs, flags.resume);
    if (!isTemper(error, 'run/stopped')) throw error;
    display.close();
    terminal.err(error.message);
    const kept = location();
    if (kept !== undefined) terminal.err(`  Continue with: ${resumeCommand(path, flags, basename(kept))}`);
    if (flags.json === true) printError(terminal, error, { location: location() });
    return interrupts.status ?? exit.failed;
  } finally {
    display.close();
    interrupts.release();
  }
}

function checked(kit: Kit, config: RunInput<AnyDefinition>, isStored: boolean): RunInput<AnyDefinition> {
  try {
    return kit.parse(config) as RunInput<AnyDefinition>;
  } catch (error) {
    throw isStored && isTemper(error, 'config/unknown-name') ? withoutCode(error) : error;
  }
}

/** Sets the native backend up if it does not work yet. If that fails, the run continues on the slower backend. */
async function setUp(terminal: Terminal): Promise<void> {
  if (process.env['TEMPER_BACKEND'] === 'cpu') return;
  const report = await setupBackend({ report: createSetupPrinter(process.stderr) });
  if (!report.native) terminal.err(`${terminal.colors.err.yellow('warning:')} ${describeSetup(report)}`);
}

const resumeOf = ({ resume, force, allow }: RunFlags): ResumeOptions => {
  if (resume === undefined) return false;
  if (force === true) return { force };
  return allow.length === 0 ? true : { force: allow };
};

/** Returns the command that resumes a run: the given arguments, without those that name the run or allow changes. */
function resumeCommand(path: string | undefined, { set, data, runs, deterministic, writeTo }: RunFlags, name: string): string {
  const given = [
    ...(path === undefined ? [] : [path]),
    ...set.flatMap((one) => ['--set', one]),
    ...(data === undefined ? [] : ['--data', data]),
    ...(runs === defaultRuns ? [] : ['--runs', runs]),
    ...(deterministic === true ? ['--deterministic'] : []),
    ...writeTo.flatMap((one) => ['--write-to', one]),
  ];
  return shellCommand(['run', ...given.map(quoted), '--resume', quoted(name)].join(' '));
}

/** Adds a hint to an unknown name in a stored config, which may be that of a plug-in. */
const withoutCode = ({ details }: TemperError): TemperError =>
  new TemperError({
    ...details,
    hint:
      `The saved config of a run contains no plug-ins: name the config that it was started with ` +
      `(${shellCommand('run CONFIG --resume NAME')}).`,
  });

/** Names the config that differs, since the user has not named it. */
function withOwnConfig({ details }: TemperError, found: string, runs: string, name: string): TemperError {
  const own = resumeCommand(configOfRun(runs, name), { runs, set: [], allow: [], writeTo: [] }, name);
  return new TemperError({
    ...details,
    hint: `${details.hint ?? ''}\n  The config was ${found} of this folder; use the config of the run itself with: ${own}`,
  });
}

const isTemper = (error: unknown, code: ErrorCode): error is TemperError => error instanceof TemperError && error.code === code;
