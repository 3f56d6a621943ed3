import { stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createKit, epochMeans, epochStarts, runCurves, TemperError } from '@temper/core';
import { describe } from '@temper/schedules';
import type { PreviewFlags } from '../flags.js';
import { loadConfig } from '../config/load.js';
import { mistake, parseJsonOption } from '../config/mistake.js';
import { applySetting, parseSetting } from '../config/set.js';
import { printJson } from '../json.js';
import type { PlotOptions, Series } from '@temper/plots';
import { withStandard } from '../standard.js';
import type { Terminal } from '../terminal.js';
import { refuse } from './refuse.js';
import { scheduleCurve, type Length } from './schedule-curve.js';
import { trainingSize } from './training-size.js';

/** The assumed number of updates in an epoch, where it is not known: curves have the same shape for any number. */
const assumedStepsPerEpoch = 100;

/** Shows the given schedule, or the changes of a config over its run. */
export async function preview(path: string | undefined, flags: PreviewFlags, terminal: Terminal): Promise<void> {
  await (flags.schedule === undefined ? previewConfig(path, flags, terminal) : previewSchedule(flags.schedule, path, flags, terminal));
}

async function previewConfig(path: string | undefined, flags: PreviewFlags, terminal: Terminal): Promise<void> {
  refuse(
    flags,
    ['steps', 'epochs'],
    'needs --schedule: the length of a run is part of its config',
    'Use --set epochs=…, or --steps-per-epoch.',
  );
  const { file, plugins, config } = await loadConfig(path);
  const kit = createKit({ plugins: withStandard(plugins) });
  const run = kit.parse(flags.set.map(parseSetting).reduce(applySetting, config));
  const { size, problem } =
    flags.stepsPerEpoch === undefined
      ? await trainingSize(plugins, kit, run.data, dirname(file))
      : { size: flags.stepsPerEpoch * run.batchSize * run.accumulate };
  const { warnings, ...shown } = runCurves(kit, run, size ?? assumedStepsPerEpoch * run.batchSize * run.accumulate, size !== undefined);
  const all = problem === undefined ? warnings : [problem, ...warnings];
  for (const warning of all) terminal.err(`${terminal.colors.err.yellow('warning:')} ${warning}`);
  if (size === undefined) terminal.err(`Assumes ${assumedStepsPerEpoch} updates per epoch; change this with --steps-per-epoch.`);
  const curves = shown.curves.flatMap((curve) => (curve.name === 'temperature' ? [curve, ...epochMeans(curve, shown.stages)] : [curve]));
  const options = { epochs: epochStarts(shown.stages), ...(run.name === undefined ? {} : { title: run.name }) };
  await show(curves, { ...shown, curves }, options, flags, terminal);
  if (flags.json === true) return;
  for (const { name, totalSteps } of shown.teachers) terminal.out(`${name}: trained before, ${totalSteps.toLocaleString('en')} updates`);
}

async function previewSchedule(text: string, path: string | undefined, flags: PreviewFlags, terminal: Terminal): Promise<void> {
  refuse(flags, ['set'], 'changes a config, but --schedule shows a single schedule');
  const kit = createKit({ plugins: withStandard(path === undefined ? [] : (await loadConfig(path)).plugins) });
  const schedule = parseJsonOption('--schedule', text, '{"type":"linear","from":20,"to":1}');
  const shown = scheduleCurve(kit, schedule, lengthOf(flags));
  const curves = Object.entries('values' in shown ? { value: shown.values } : shown.numbers).map(
    ([name, values]): Series => ({ name, points: values.map((value, step) => [step, value]) }),
  );
  await show(curves, shown, { title: describe(schedule, kit.definitions) }, flags, terminal);
}

/** The maximum number of updates for which a schedule alone shows every value. */
const mostUpdates = 1_000_000;

function lengthOf({ steps, epochs, stepsPerEpoch }: PreviewFlags): Length {
  if (steps === undefined) {
    const perEpoch = stepsPerEpoch ?? assumedStepsPerEpoch;
    const updates = (epochs ?? 1) * perEpoch;
    if (updates > mostUpdates) {
      const shown = `--epochs ${epochs ?? 1} of ${perEpoch} updates each (--steps-per-epoch) are ${updates.toLocaleString('en')} updates`;
      throw mistake(`${shown}; at most ${mostUpdates.toLocaleString('en')} are shown`, {
        hint: 'The curve looks the same over fewer updates: use a smaller --steps-per-epoch.',
      });
    }
    return { steps: (epochs ?? 1) * perEpoch, stepsPerEpoch: perEpoch };
  }
  if (stepsPerEpoch !== undefined) return { steps, stepsPerEpoch };
  return epochs === undefined ? { steps } : { steps, stepsPerEpoch: Math.ceil(steps / epochs) };
}

async function show(
  curves: readonly Series[],
  document: object,
  options: PlotOptions,
  flags: PreviewFlags,
  terminal: Terminal,
): Promise<void> {
  const { svg, json } = flags;
  const drawn = curves.filter((curve) => curve.name !== 'learningRate' || changes(curve));
  // Each kind of drawing loads its own library, and printing values loads none.
  if (svg !== undefined) await writeSvg(svg, (await import('@temper/plots/svg')).plotSvg(drawn, options));
  if (json === true) printJson(terminal, document);
  else {
    const { plotTerminal } = await import('@temper/plots/terminal');
    terminal.out(plotTerminal(drawn, { ...options, columns: terminal.columns, color: terminal.colors.out.isColorSupported }));
  }
  if (svg !== undefined) terminal.err(`drawn in ${svg}`);
}

const changes = ({ points }: Series): boolean => points.some(([, value]) => value !== points[0]?.[1]);

async function writeSvg(file: string, text: string): Promise<void> {
  try {
    // Opening a pipe would wait for its reader.
    const stats = await stat(file).catch(() => undefined);
    if (stats?.isFIFO() === true) throw new Error('it is a pipe (FIFO), not a file');
    await writeFile(file, text);
  } catch (error) {
    throw new TemperError({
      code: 'environment/files',
      message: `--svg ${file}: cannot be written: ${(error as Error).message}`,
      cause: error,
    });
  }
}
