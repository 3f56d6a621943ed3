import { createKit, tf, type Kit, type RandomStream } from '@temper/core';
import { loadBackend, node } from '@temper/node';
import { standardPlugins, withStandard } from '../../../standard.js';
import { changedValue } from '../change-value.js';
import { oddLive, oneOf } from '../odd-values.js';
import type { Target } from '../target.js';
import { tinyData, tinyKit, tinyRun } from '../tiny.js';
import * as valid from '../valid-configs.js';
import { validRuns } from '../valid-runs.js';

const slots = {
  schedule: valid.schedules,
  temperature: valid.temperatures,
  weighting: valid.weightings,
  loss: valid.losses,
  metric: valid.metrics,
  optimizer: valid.optimizers,
  data: valid.dataSets,
  model: valid.models,
  reporter: valid.reporters,
} as const;
const names = Object.keys(slots) as (keyof typeof slots)[];

/** Calls of the kit by programs, with values that only programs can create. */
export const kitCalls: Target = {
  name: 'kit-calls',
  what: 'calls of the kit',
  async start() {
    await loadBackend('cpu');
    const kit = createKit({ plugins: withStandard([], [node()]) });
    const [tiny, data] = [tinyKit(), tinyData()];
    return {
      attempt(random) {
        const what = random.integer(12);
        if (what < 5) return strategy(kit, random);
        if (what < 8) return wholeConfig(kit, random);
        if (what < 9) return plugins(random);
        return what < 10 ? changedRun(tiny, data, random) : runOptions(tiny, data, random);
      },
    };
  },
};

type Call = (...args: unknown[]) => unknown;

function strategy(kit: Kit, random: RandomStream) {
  const slot = oneOf(names, random);
  const given =
    random.integer(8) === 0 ? oddLive(random) : changedValue(oneOf(slots[slot], random), random, { donors: slots[slot], live: true });
  const run = (): void => {
    const made = random.integer(4) === 0 ? kit.build(slot, given, ['part']) : (kit[slot] as Call)(given);
    if (slot === 'schedule') for (const step of [0, 5, 9]) (made as Call)({ step, total: 10 });
  };
  return { given: [slot, given], run };
}

function wholeConfig(kit: Kit, random: RandomStream) {
  const given =
    random.integer(10) === 0 ? oddLive(random) : changedValue(oneOf(validRuns, random), random, { donors: validRuns, live: true });
  const call = oneOf(['parse', 'container'] as const, random);
  return { given: [call, given], run: () => void (kit[call] as Call)(given) };
}

function plugins(random: RandomStream) {
  const definition = { kind: 'schedule', type: 'mine', options: () => undefined, create: () => () => 4 };
  const seed: unknown[] = [...standardPlugins.slice(0, 2), { name: 'mine', provides: [definition], requires: [] }];
  const odd = (): unknown =>
    random.integer(3) === 0
      ? changedValue({ name: 'mine', provides: [{ kind: 'loss', type: 'x' }] }, random, { live: true })
      : oddLive(random);
  const given = random.integer(5) === 0 ? odd() : { plugins: random.integer(4) === 0 ? odd() : [...seed.slice(random.integer(3)), odd()] };
  return { given, run: () => void createKit(given as never).definitions };
}

/** Starts a run that is stopped where a change has made it long. */
function changedRun(kit: Kit, data: unknown, random: RandomStream) {
  const donors = [tinyRun, { ...tinyRun, ...validRuns[random.integer(40)], data: undefined }];
  const models = { teacher: tinyRun.teacher, student: tinyRun.student };
  const given = withMembers(changedValue(tinyRun, random, { donors, live: true }), models);
  return { given, run: () => ended(kit, given, { data, signal: AbortSignal.timeout(300) }) };
}

/**
 * Returns an object with other members, without calling getters; a value that is not an object, or does not list its members, is returned
 * unchanged.
 */
function withMembers(given: unknown, members: object): unknown {
  try {
    return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(given), ...Object.getOwnPropertyDescriptors(members) });
  } catch {
    return given;
  }
}

/** Returns data, networks and other parts that are given in code. */
function runOptions(kit: Kit, data: unknown, random: RandomStream) {
  const teachers: readonly (() => unknown)[] = [
    () => (x: tf.Tensor) => tf.zeros([x.shape[0] as number, random.integer(4)]),
    () => () => tf.scalar(NaN),
    () => (x: tf.Tensor) => tf.fill([x.shape[0] as number, 3], oneOf([NaN, Infinity, 1e38], random)),
    () => () => ({ shape: [6, 3] }),
    () => () => [tf.scalar(1)],
    () => () => {
      throw new Error('the teacher fails');
    },
    () => () => {
      throw Object.assign(Object.create(null), { odd: 10n }) as Error;
    },
    () => ({ logits: oddLive(random), parameters: [], buffers: [], name: 'odd', dispose: () => undefined }),
    () => oddLive(random),
  ];
  const name = oneOf(['teacher', 'student', 'data', 'reporters', 'services', 'resume', 'signal'] as const, random);
  const value =
    name === 'teacher' || name === 'student'
      ? oneOf(teachers, random)()
      : name === 'data'
        ? oddData(data as object, random)
        : oddLive(random);
  return { given: [name, value], run: () => ended(kit, { ...tinyRun, epochs: 1 }, { data, [name]: value }) };
}

function oddData(data: object, random: RandomStream): unknown {
  if (random.integer(4) === 0) return oddLive(random);
  const part = oneOf(['train', 'validation', 'test'] as const, random);
  const set = (data as Readonly<Record<string, object>>)[part] as object;
  const key = oneOf(
    ['size', 'inputShape', 'classes', 'batch', 'labels', 'preparation', 'classNames', 'inputNames', 'fingerprint', 'inMemory'],
    random,
  );
  const odd = random.integer(2) === 0 ? oddLive(random) : () => oddLive(random);
  return { ...data, [part]: random.integer(6) === 0 ? odd : { ...set, [key]: odd } };
}

async function ended(kit: Kit, config: unknown, options: object): Promise<void> {
  const { student, teacher } = await kit.run(config as never, options);
  student.dispose();
  teacher?.dispose();
}
