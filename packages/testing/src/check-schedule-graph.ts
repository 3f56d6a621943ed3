import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {
  createRandom,
  fitTemperature,
  type Json,
  type Progress,
  type Scalars,
  stateOf,
  type Temperature,
  type TemperatureInputs,
  type TemperatureSchedule,
  type Variables,
} from '@temper/core';
import type { LogitsCase } from './check-schedule-laws.js';
import { demand, stateFits, tensorsKept } from './laws.js';

/** Checks shapes, ranges, gradients, purity, and that no tensor is read back or left behind. */
export function graphSideKeepsTheLaws(schedule: TemperatureSchedule, logits: LogitsCase): void {
  if (schedule.temperature === undefined && schedule.measure === undefined) return;
  const classes = logits.shape[logits.shape.length - 1] as number;
  tensorsKept(() => {
    const variables = schedule.variables?.({ classes, losses: ['soft', 'hard'], random: createRandom(0) }) ?? {};
    try {
      tf.tidy(() => checkGraphSide(schedule, logits, variables));
    } finally {
      tf.dispose(variables);
    }
  });
}

function checkGraphSide(schedule: TemperatureSchedule, { at, other, ...values }: LogitsCase, variables: Variables): void {
  const shape = [...values.shape];
  const student = tf.tensor([...values.student], shape);
  const teacher = tf.tensor([...values.teacher], shape);
  const shared = { teacher, labels: tf.zeros(shape.slice(0, -1), 'int32'), variables };
  const scalars = schedule.scalars(at, stateOf(schedule));
  const inputs = (student: tf.Tensor): TemperatureInputs => ({
    ...shared,
    student,
    scalars: scalarTensors(scalars),
    ...graphKey(schedule, at),
  });

  const once = withoutReading(() => temperatureOf(schedule, inputs(student)));
  // Throws where a shape does not fit the logits.
  sidesOf(fitTemperature(once, student)).forEach(checkSide);
  // Numbers that the host side computes in between must reach the graph only through the scalars.
  schedule.scalars(other, stateOf(schedule));
  demand(equal(temperatureOf(schedule, inputs(student)), once), 'the graph side must depend on its inputs alone');

  const sum = (z: tf.Tensor): tf.Scalar =>
    tf.addN(
      sidesOf(temperatureOf(schedule, inputs(z)))
        .map((side) => tf.sum(side))
        .concat(tf.mul(0, tf.sum(z))),
    ) as tf.Scalar;
  const gradient = tf.grad(sum)(student);
  demand(
    gradient.dataSync().every(Number.isFinite),
    `the gradient of the temperature for the student's logits must be finite, got [${gradient.dataSync().join(', ')}]`,
  );

  const measured = withoutReading(() => schedule.measure?.({ ...inputs(student), temperature: once }) ?? {});
  for (const [name, value] of Object.entries(measured)) {
    demand(
      value.rank === 0 && Number.isFinite(value.dataSync()[0]),
      `what is measured as "${name}" must be a finite scalar, got [${value.dataSync().join(', ')}] of shape [${value.shape.join(', ')}]`,
    );
  }
}

const temperatureOf = (schedule: TemperatureSchedule, x: TemperatureInputs): Temperature =>
  schedule.temperature?.(x) ?? (x.scalars['value'] as tf.Scalar);

const graphKey = (schedule: TemperatureSchedule, at: Progress) =>
  schedule.graphKey === undefined ? {} : { graphKey: schedule.graphKey(at) };

const scalarTensors = (values: Scalars): Record<string, tf.Scalar> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, tf.scalar(value)]));

const sidesOf = (temperature: Temperature): readonly tf.Tensor[] =>
  'student' in temperature ? [temperature.student, temperature.teacher] : [temperature];

function checkSide(side: tf.Tensor): void {
  const values = side.dataSync();
  demand(
    values.every((value) => Number.isFinite(value) && value > 0),
    `a temperature must be finite and above 0, got [${values.join(', ')}]`,
  );
}

function equal(one: Temperature, two: Temperature): boolean {
  const [first, second] = [sidesOf(one), sidesOf(two)];
  return (
    first.length === second.length &&
    first.every((side, i) => fc.stringify([...side.dataSync()]) === fc.stringify([...(second[i] as tf.Tensor).dataSync()]))
  );
}

/** Runs `body` on a backend that refuses reads: a recorded step could not read either. */
function withoutReading<T>(body: () => T): T {
  const backend = tf.backend() as unknown as { readSync: unknown; read: unknown };
  const refuse = (): never => {
    throw new Error('the graph side must not read tensors back (dataSync, data, arraySync): it is recorded once and run many times');
  };
  Object.assign(backend, { readSync: refuse, read: refuse });
  try {
    return body();
  } finally {
    // The methods of the class are visible again.
    Reflect.deleteProperty(backend, 'readSync');
    Reflect.deleteProperty(backend, 'read');
  }
}

/** Checks that the state is JSON, and that `observe` is a function of its arguments. */
export function stateKeepsTheLaws(schedule: TemperatureSchedule, seen: readonly Scalars[]): void {
  const { state } = schedule;
  if (state === undefined) return;
  const at: Progress = { step: 9, total: 100, stepsPerEpoch: 10 };
  let current: Json = state.initial;
  for (const metrics of seen) {
    stateFits(state, current);
    const text = JSON.stringify(current);
    const next = state.observe(deepFreeze(current), Object.freeze({ ...metrics }), at);
    demand(JSON.stringify(current) === text, 'observe must not change the state it is given');
    const again = state.observe(JSON.parse(text) as Json, metrics, at);
    demand(
      JSON.stringify(again) === JSON.stringify(next),
      'observe must give the same state for the same observation, also after saving and loading',
    );
    for (const [name, value] of Object.entries(schedule.scalars(at, next)))
      demand(Number.isFinite(value), `${name} must be a finite number in every state, got ${value}`);
    current = next;
  }
  stateFits(state, current);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
