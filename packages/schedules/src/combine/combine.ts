import type * as tf from '@tensorflow/tfjs-core';
import {
  asTemperature,
  fitTemperature,
  scheduleWithin,
  TemperError,
  underPath,
  type Json,
  type Progress,
  type Scalars,
  type Schedule,
  type Temperature,
  type TemperatureInputs,
  type TemperatureSchedule,
  type VariableContext,
} from '@temper/core';
import { z } from 'zod';
import { smallest } from '../options.js';
import { ownOf, seenBy, within } from './names.js';
import { isPlain, type Part } from './parts.js';

/** A part that is active at an update, with its progress. */
export interface Seat {
  readonly index: number;
  readonly at: Progress;
}

/** How an operator combines its parts; the same rule on numbers and on tensors. */
export interface Rules {
  /** The active parts, in the order of the values that the other two functions get. */
  inForce(at: Progress): readonly Seat[];
  /** Left out: the combination always needs a graph side. */
  numbers?(values: readonly number[]): number;
  temperatures(values: readonly Temperature[]): Temperature;
  /** True where the active parts change during training, and with them the graph side. */
  readonly switches?: boolean;
  /** The option that holds a part. */
  placeOf(index: number): string;
  /** True for operators whose parts are temperatures themselves: they must be above 0. */
  readonly ofTemperatures?: boolean;
}

/**
 * Combines schedules and adaptive temperatures into one. Of plain schedules it makes a plain schedule. Else the host
 * numbers, variables and measurements of each part are named after its place (`0.value`), the states of all parts
 * are kept under their places, and the graph key names the active parts.
 */
export function combine(parts: readonly Part[], rules: Rules): Part {
  const { inForce, numbers, temperatures, placeOf, ofTemperatures = false } = rules;
  if (parts.every(isPlain) && numbers !== undefined)
    return (at) => numbers(inForce(at).map((seat) => (parts[seat.index] as Schedule)(seat.at)));
  const inGraph = numbers === undefined || parts.some((part) => !isPlain(part) && part.temperature !== undefined);
  // On the host the loop looks at the value itself; a number that goes into the graph is looked at here.
  const checked = (part: Part, index: number): Part =>
    inGraph && ofTemperatures && isPlain(part) ? scheduleWithin(part, { path: placeOf(index), min: smallest }) : part;
  const all = parts.map((part, index) => asTemperature(checked(part, index)));
  const onHost = inGraph ? undefined : numbers;
  const measures = all.some(({ measure }) => measure !== undefined);
  const switches = rules.switches === true || all.some(({ graphKey }) => graphKey !== undefined);
  return {
    scalars(at, state) {
      const given = inForce(at).map(({ index, at }) => ({ index, scalars: partAt(all, index).scalars(at, stateAt(state, index)) }));
      const own: Scalars = inGraph || measures ? Object.assign({}, ...given.map(({ index, scalars }) => within(index, scalars))) : {};
      return onHost === undefined ? own : { ...own, value: onHost(given.map(({ scalars }) => scalars['value'] as number)) };
    },
    ...(inGraph
      ? {
          temperature: (x: TemperatureInputs) =>
            temperatures(seatsOf(x, all, switches).map((seat) => temperatureOf(all, seat, x, placeOf(seat.index)))),
        }
      : {}),
    ...(measures ? { measure: (x: TemperatureInputs) => measureAll(all, seatsOf(x, all, switches), x, rules) } : {}),
    ...((inGraph || measures) && switches ? { graphKey: (at: Progress) => keyOf(all, inForce(at)) } : {}),
    ...(all.some(({ acrossSamples }) => acrossSamples) ? { acrossSamples: true } : {}),
    ...(all.some(({ variables }) => variables !== undefined) ? { variables: (context: VariableContext) => variablesOf(all, context) } : {}),
    ...(all.some(({ state }) => state !== undefined) ? { state: stateOf(all, rules) } : {}),
  };
}

const partAt = (all: readonly TemperatureSchedule[], index: number): TemperatureSchedule => all[index] as TemperatureSchedule;

/** An active part on the graph side, with its own graph key. */
interface GraphSeat {
  readonly index: number;
  readonly key?: string;
}

const keyOf = (all: readonly TemperatureSchedule[], seats: readonly Seat[]): string =>
  JSON.stringify(seats.map(({ index, at }) => ({ index, key: partAt(all, index).graphKey?.(at) })));

function seatsOf({ graphKey }: TemperatureInputs, all: readonly TemperatureSchedule[], switches: boolean): readonly GraphSeat[] {
  if (!switches) return all.map((_, index) => ({ index }));
  if (graphKey !== undefined) return JSON.parse(graphKey) as GraphSeat[];
  throw new TemperError({
    code: 'plugin/invalid',
    message: 'this temperature changes its graph side during training, and `graphKey` is missing from its inputs',
    hint: 'Pass graphKey: schedule.graphKey(at) together with the scalars.',
  });
}

/** The graph inputs of a part. */
function inputsOf(x: TemperatureInputs, { index, key }: GraphSeat): TemperatureInputs {
  const { graphKey: _, ...shared } = x;
  return {
    ...shared,
    scalars: ownOf(index, x.scalars),
    variables: ownOf(index, x.variables),
    ...(key === undefined ? {} : { graphKey: key }),
  };
}

/** Fits to the logits, so that the parts broadcast against each other; an error of a part has its place in front of its path. */
function temperatureOf(all: readonly TemperatureSchedule[], seat: GraphSeat, x: TemperatureInputs, place: string): Temperature {
  const own = inputsOf(x, seat);
  const part = partAt(all, seat.index);
  if (part.temperature === undefined) return own.scalars['value'] as tf.Scalar;
  return underPath(place, () => fitTemperature((part.temperature as GraphSide)(own), x.student, []));
}

type GraphSide = Exclude<TemperatureSchedule['temperature'], undefined>;

/** A part measures itself at the temperature that it returned, not at the result of the operator. */
function measureAll(
  all: readonly TemperatureSchedule[],
  seats: readonly GraphSeat[],
  x: TemperatureInputs,
  { placeOf }: Rules,
): Readonly<Record<string, tf.Scalar>> {
  const measured = seats.map((seat) => {
    const { measure } = partAt(all, seat.index);
    if (measure === undefined) return {};
    return within(seat.index, measure({ ...inputsOf(x, seat), temperature: temperatureOf(all, seat, x, placeOf(seat.index)) }));
  });
  return Object.assign({}, ...measured) as Readonly<Record<string, tf.Scalar>>;
}

function variablesOf(all: readonly TemperatureSchedule[], { random, ...context }: VariableContext): Record<string, tf.Variable> {
  const made = all.map(({ variables }, index) => {
    // Two parts of one kind must not begin with the same random numbers.
    const own = { ...random, stream: (name: string, at?: number) => random.stream(`${index}/${name}`, at) };
    return within(index, variables?.({ ...context, random: own }) ?? {});
  });
  return Object.assign({}, ...made) as Record<string, tf.Variable>;
}

const stateAt = (state: Json, index: number): Json => (state as Readonly<Record<string, Json>> | null)?.[index] ?? null;

function stateOf(all: readonly TemperatureSchedule[], { inForce }: Rules): Exclude<TemperatureSchedule['state'], undefined> {
  const reacting = all.flatMap(({ state }, index) => (state === undefined ? [] : [{ state, index }]));
  return {
    initial: Object.fromEntries(reacting.map(({ state, index }) => [index, state.initial])),
    schema: z.strictObject(Object.fromEntries(reacting.map(({ state, index }) => [index, state.schema ?? z.json()]))),
    observe(states, seen, at, better) {
      const seats = at === undefined ? undefined : inForce(at);
      const next = reacting.map(({ state, index }) => {
        const own = stateAt(states, index);
        const seat = seats?.find((one) => one.index === index);
        // A part that is not active keeps its state: another part caused what is observed.
        if (seats !== undefined && seat === undefined) return [index, own] as const;
        return [index, state.observe(own, seenBy(index, seen), seat?.at, better)] as const;
      });
      return Object.fromEntries(next);
    },
  };
}
