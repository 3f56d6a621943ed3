import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { createKit, describeNetwork, tf, type DataSet, type NetworkLike, type RunConfig, type StudentDescription } from '@temper/core';
import { findStudent, loadBackend, networkLoader, node, readRunConfig } from '@temper/node';
import { quoted, shellCommand } from '@temper/tensorflow/shell';
import { loadConfig } from '../config/load.js';
import { mistake } from '../config/mistake.js';
import type { SplitName } from '../flags.js';
import { withStandard } from '../standard.js';

/** A loaded network, with the meaning of its outputs. */
export interface OpenNetwork {
  /** Its folder or path, for the output. */
  readonly name: string;
  readonly network: NetworkLike;
  readonly description: StudentDescription;
}

/** The networks and the data of a run or of a config. */
export interface OpenNetworks {
  readonly data: DataSet;
  /** The network that was named directly (`RUN/student`). */
  readonly named?: OpenNetwork;
  readonly teacher?: OpenNetwork;
  readonly student?: OpenNetwork;
  dispose(): void;
}

/** The run or config to open. */
export interface OpenOptions {
  readonly runs: string;
  readonly config?: string;
  readonly part: SplitName;
}

/** The paths of the networks of a run or of a config. */
interface Places {
  readonly config: Partial<RunConfig>;
  readonly folders: readonly string[];
  readonly plugins: Awaited<ReturnType<typeof loadConfig>>['plugins'];
  /** The folder of the run; absent for a config. */
  readonly run?: string;
  readonly named?: string;
}

/**
 * Loads the data and the networks of a name: a run (its teacher and its student), a network of a run (`first/student`), or a config file,
 * whose teacher is a saved network.
 * @throws TemperError where nothing has that name, and where its data cannot be read.
 */
export async function openNetworks(given: string | undefined, { runs, config, part }: OpenOptions): Promise<OpenNetworks> {
  const places = isConfig(given) ? await ofConfig(given, runs) : await ofRun(given, runs);
  const plugins = config === undefined ? places.plugins : (await loadConfig(config)).plugins;
  if (places.config.data === undefined) {
    throw mistake(`${given ?? 'the config'}: has no data, so there are no samples to look at`, { path: 'data' });
  }
  await loadBackend();
  const kit = createKit({ plugins: withStandard(plugins, [node({ runs, folders: places.folders })]) });
  const data = (await kit.data(places.config.data as never)())[part];
  const opened: OpenNetwork[] = [];
  const load = async (place: string): Promise<OpenNetwork> => {
    const network = await networkLoader({ runs, folders: places.folders }).load(place);
    const one = { name: place, network, description: await describe(place, network, data, { runs, folders: places.folders }) };
    opened.push(one);
    return one;
  };
  const { teacher, student } = await networksOf(places);
  return {
    data,
    ...(places.named === undefined ? {} : { named: await load(places.named) }),
    ...(teacher === undefined ? {} : { teacher: await load(teacher) }),
    ...(student === undefined ? {} : { student: await load(student) }),
    dispose() {
      for (const { network } of opened) if ('dispose' in network) network.dispose();
    },
  };
}

/** Returns whether a name is that of a config: a run's name has no such ending, and its folder is not a file. */
const isConfig = (given: string | undefined): boolean =>
  given === undefined || (['.ts', '.mts', '.js', '.mjs', '.json'].includes(extname(given)) && basename(given) !== 'student.json');

async function ofConfig(given: string | undefined, runs: string): Promise<Places> {
  const { file, plugins, config } = await loadConfig(given);
  const folders = [dirname(file)];
  return { config: createKit({ plugins: withStandard(plugins, [node({ runs, folders })]) }).parse(config), folders, plugins };
}

async function ofRun(given: string | undefined, runs: string): Promise<Places> {
  const name = given as string;
  const place = [name, join(runs, name)].find((one) => existsSync(join(one, 'config.json')) || existsSync(join(one, 'run.json')));
  const named = place === undefined ? (await findStudent(name, runs)).folder : undefined;
  const run = place ?? dirname(named as string);
  const kept = await readRunConfig(dirname(resolve(run)), basename(resolve(run)));
  return { ...kept, config: kept.config as Partial<RunConfig>, plugins: [], run, ...(named === undefined ? {} : { named }) };
}

/** Returns the paths of the teacher and the student, where they exist. */
async function networksOf({ config, run, named }: Places): Promise<{ teacher?: string; student?: string }> {
  if (named !== undefined) return {};
  if (run === undefined) return config.teacher?.from === undefined ? {} : { teacher: config.teacher.from };
  const saved = await savedIn(run);
  const own = config.teacher?.name ?? 'teacher';
  const teacher = saved.includes(own) ? join(run, own) : config.teacher?.from;
  return { ...(teacher === undefined ? {} : { teacher }), ...(saved.includes('student') ? { student: join(run, 'student') } : {}) };
}

/** Returns the names of the networks that a run has saved. */
export async function savedIn(run: string): Promise<string[]> {
  const names = await readdir(run);
  return names.filter((name) => existsSync(join(run, name, 'student.json'))).sort();
}

/** Returns the meaning of a network's outputs: from its `student.json`, else from the data. */
async function describe(
  place: string,
  network: NetworkLike,
  data: DataSet,
  { runs, folders }: { readonly runs: string; readonly folders: readonly string[] },
): Promise<StudentDescription> {
  for (const one of [...folders.map((folder) => join(folder, place)), place]) {
    const found = await findStudent(one, runs).catch(() => undefined);
    if (found !== undefined) return found.description;
  }
  const sample = await data.batch(Int32Array.of(0));
  try {
    return describeNetwork({ name: place, parameters: [], buffers: [], ...(network as object) } as never, { data, sample });
  } finally {
    tf.dispose({ ...sample });
  }
}

/**
 * Returns the teacher, or the network that was named directly.
 * @throws TemperError with a hint on how to get one.
 */
export async function teacherOf({ named, teacher, student }: OpenNetworks, given: string | undefined): Promise<OpenNetwork> {
  const found = named ?? teacher;
  if (found !== undefined) return found;
  if (isConfig(given)) {
    throw mistake('must name a saved network ("from"), since an inspection trains nothing', {
      path: 'teacher',
      hint: `Train it first (${shellCommand('run')}), then inspect the run by its name.`,
    });
  }
  const name = given as string;
  const instead = student === undefined ? [] : [`Inspect its student: ${shellCommand(`inspect ${quoted(`${name}/student`)}`)}.`];
  throw mistake(`${name}: the run has no single teacher that was saved`, {
    hint: instead[0] ?? 'Wait for the run to end, or name the folder of a saved network.',
  });
}
