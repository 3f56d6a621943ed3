import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { evaluateStudent, logitsOver, subset, type DataSet } from '@temper/core';
import { availableEngine } from '@temper/node';
import type { ReportedNetwork, ReportedRun } from '@temper/report';
import { openNetworks, type OpenNetwork } from '../inspect/open-networks.js';

/** What judging needs of the command line. */
export interface JudgeOptions {
  readonly runs: string;
  readonly config?: string;
}

/** The networks of a run, judged on its test data. */
export type JudgedRun = Pick<ReportedRun, 'student' | 'teacher'>;

/** Samples that are timed, and passes of which the shortest counts. */
const mostTimed = 2000;
const passes = 3;
/** Bins of the reliability diagram: more are too thin for test data of a few hundred samples. */
const bins = 10;

/**
 * Judges student and teacher of a run on its test data.
 * @throws TemperError where the data or a network cannot be loaded.
 */
export async function judgeNetworks(folder: string, options: JudgeOptions): Promise<JudgedRun> {
  const { data, student, teacher, dispose } = await openNetworks(folder, { ...options, part: 'test' });
  try {
    return {
      ...(student === undefined ? {} : { student: await judge(student, data) }),
      ...(teacher === undefined ? {} : { teacher: await judge(teacher, data) }),
    };
  } finally {
    dispose();
  }
}

async function judge({ name, network, description }: OpenNetwork, data: DataSet): Promise<ReportedNetwork> {
  const engine = availableEngine();
  const evaluation = await evaluateStudent(network, description, [data], { bins, engine });
  const size = await sizeOf(name);
  return {
    classes: description.classes,
    ...(size === undefined ? {} : { bytes: size }),
    msPerSample: await timePerSample({ network, description }, data),
    evaluation,
  };
}

async function timePerSample({ network, description }: Pick<OpenNetwork, 'network' | 'description'>, data: DataSet): Promise<number> {
  const count = Math.min(mostTimed, data.size);
  const timed = subset(
    data,
    Int32Array.from({ length: count }, (_, i) => i),
  );
  let shortest = Infinity;
  // The first pass records and allocates.
  for (let pass = 0; pass <= passes; pass++) {
    const start = performance.now();
    for await (const { logits } of logitsOver(network, description, timed, { engine: availableEngine() })) await logits.data();
    if (pass > 0) shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest / count;
}

/** Bytes of a saved network: its graph and weights. */
export async function sizeOf(folder: string): Promise<number | undefined> {
  const names = await readdir(resolve(folder)).catch(() => []);
  const files = names.filter((name) => name === 'model.json' || /\.(bin|safetensors)$/.test(name));
  if (files.length === 0) return undefined;
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
