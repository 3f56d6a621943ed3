import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import {
  buildMetrics,
  createKit,
  evaluateStudent,
  isFunction,
  TemperError,
  type DataSet,
  type Metric,
  type RunConfig,
  type StudentDescription,
} from '@temper/core';
import { readLabelled } from '@temper/data';
import { availableEngine, findStudent, loadBackend, networkLoader, node, nodeFiles, readRunConfig } from '@temper/node';
import type { EvaluateFlags, Part } from './flags.js';
import { dataFrom } from './config/data.js';
import { loadKit } from './config/kit.js';
import { fromHere } from './config/for-run.js';
import { loadConfig } from './config/load.js';
import { mistake } from './config/mistake.js';
import { evaluationText } from './evaluation-text.js';
import { printJson } from './json.js';
import { withStandard } from './standard.js';
import type { Terminal } from './terminal.js';

type Config = Readonly<Record<string, unknown>>;

/** Evaluates a saved student on labelled data, and prints the figures. */
export async function evaluate(given: string, flags: EvaluateFlags, terminal: Terminal): Promise<void> {
  const { folder, description } = await findStudent(given, flags.runs);
  if (description.network === 'function') throw isFunction(description.name, folder);
  await loadBackend();
  const run = await configOfRun(folder);
  const { data, name } = await dataOf(folder, run, description, flags);
  const metrics = await metricsOf(run, flags);
  const network = await networkLoader({ runs: flags.runs }).load(folder);
  try {
    const evaluation = await evaluateStudent(network, description, data, {
      bins: flags.bins,
      engine: availableEngine(),
      ...(metrics && { metrics }),
    });
    const judged = { student: folder, data: name, ...evaluation };
    if (flags.json === true) printJson(terminal, judged);
    else terminal.out(evaluationText(judged, description.classes, terminal.colors.out));
  } finally {
    if ('dispose' in network) network.dispose();
  }
}

interface Judged {
  readonly data: readonly DataSet[];
  /** The description of the samples for the output. */
  readonly name: string;
}

/** Returns the samples of the evaluation: the named ones, or the test data of the student's run. */
async function dataOf(
  folder: string,
  { config: whole, folders }: RunOf,
  description: StudentDescription,
  { data, config, part, runs }: EvaluateFlags,
): Promise<Judged> {
  const plugins = config === undefined ? [] : (await loadConfig(config)).plugins;
  const own = whole?.['data'] as Config | undefined;
  const kit = createKit({ plugins: withStandard(plugins, [node({ runs, folders })]) });
  const types = kit.definitions.filter(({ kind }) => kind === 'data').map(({ type }) => type);
  const given = (data === undefined ? own : await dataFrom(folders.length === 0 ? data : fromHere(data), types, own)) as Config | undefined;
  if (given === undefined) {
    throw mistake(`${folder}: the run of this student has no data to evaluate on`, {
      hint: 'Give them: --data with a .csv file, a folder of IDX files, the name of a data set, or its config as JSON.',
    });
  }
  const isForeign = own === undefined || !isSameSource(given, own, folders);
  // The files of the run are split as in the run, and keep its test files.
  const wanted = isForeign ? given : { ...own, ...given };
  if (isForeign && wanted['type'] === 'csv' && wanted['testPath'] === undefined && part === undefined)
    return completeTable(wanted, own, description);
  const splits = await kit.data(wanted as never)();
  const chosen: Part = part ?? (isForeign && splits.cut === true ? 'all' : 'test');
  const shown = data ?? `the data of ${dirname(folder)}`;
  if (chosen === 'all') return { data: [splits.train, splits.validation, splits.test], name: shown };
  return { data: [splits[chosen]], name: `${shown}, ${chosen} part` };
}

/** Returns all lines of a table that the student was not trained on, with the student's own columns, classes and preparation. */
async function completeTable(
  wanted: Config,
  own: Config | undefined,
  { classes, inputs, preparation }: StudentDescription,
): Promise<Judged> {
  const {
    path,
    label,
    header,
    separator,
    comments = '#',
  } = wanted as { path: string; label: string; header?: boolean; separator?: string; comments?: string | false };
  const counted = own?.['type'] === 'csv' && typeof own['classes'] === 'number' ? own['classes'] : undefined;
  const set = await readLabelled(
    await nodeFiles.open(path),
    path,
    { label, header, separator, comments, inputs: inputs.names },
    { classes, counted, inputShape: inputs.shape, preparation: preparation?.type === 'vocabulary' ? undefined : preparation },
  );
  return { data: [set], name: path };
}

/** Returns whether two configs of data read the same files. */
function isSameSource(one: Config, other: Config, folders: readonly string[]): boolean {
  const placeOf = (path: string): string => {
    const found = folders.map((folder) => resolve(folder, path)).find((place) => existsSync(place));
    return found ?? resolve(path);
  };
  const files = ['path', 'folder', 'images'].map((name) => [one[name], other[name]] as const);
  return (
    one['type'] === other['type'] &&
    files.every(([a, b]) => a === b || (typeof a === 'string' && typeof b === 'string' && placeOf(a) === placeOf(b)))
  );
}

/** The run of a student. */
interface RunOf {
  readonly config: Config | undefined;
  readonly folders: readonly string[];
}

/** Returns the metrics of the student's run, or undefined for the usual ones. Those of plug-ins come from the config of this folder. */
async function metricsOf({ config }: RunOf, flags: EvaluateFlags): Promise<readonly Metric[] | undefined> {
  const metrics = config?.['metrics'] as NonNullable<RunConfig['metrics']> | undefined;
  if (metrics === undefined) return undefined;
  const standard = createKit({ plugins: withStandard([]) });
  const isStandard = (type: unknown): boolean => standard.definitions.some((one) => one.kind === 'metric' && one.type === type);
  const foreign = metrics.find((metric) => !isStandard((metric as { readonly type?: unknown }).type));
  if (foreign === undefined) return buildMetrics({ metrics }, standard.build);
  try {
    const { build } = await loadKit(flags.config);
    return buildMetrics({ metrics }, build);
  } catch (error) {
    if (!(error instanceof TemperError) || error.code !== 'config/unknown-name') throw error;
    const hint = 'Name the config whose plug-ins define this metric: --config temper.config.ts.';
    throw new TemperError({ ...error.details, hint, cause: error });
  }
}

/** Returns the config of the run whose folder contains the student; empty where there is no run. */
async function configOfRun(folder: string): Promise<RunOf> {
  const run = resolve(dirname(folder));
  const { config, folders } = await readRunConfig(dirname(run), basename(run)).catch(() => ({ config: undefined, folders: [] }));
  return { config, folders };
}
