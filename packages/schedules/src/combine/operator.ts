import { defineSchedule, type Definition, type Refs, type Schedule, type Services, type TemperatureSchedule } from '@temper/core';
import type { z } from 'zod';
import type { Part } from './parts.js';

/** The adaptive temperatures among the arguments of an operator; `never` if there are none. */
type Adaptive<G> = G extends Schedule | number | string | undefined
  ? never
  : G extends TemperatureSchedule
    ? G
    : G extends readonly (infer U)[]
      ? Adaptive<U>
      : G extends object
        ? Adaptive<G[keyof G]>
        : never;

/** A plain schedule if all arguments are plain schedules; follows from their types. */
export type Combined<G> = [Adaptive<G>] extends [never] ? Schedule : Part;

type Given<D extends (...given: never[]) => unknown> = Parameters<D>[0];

/** A definition that combines plain schedules into a plain one, and adaptive temperatures into an adaptive one. */
export interface Operator<N extends string, S extends z.ZodObject, P extends PropertyKey = never>
  extends Definition<'schedule', N, S, Part, P> {
  <const G extends Given<Definition<'schedule', N, S, Part, P>>>(given: G): Combined<G>;
}

interface OperatorSpec<N extends string, S extends z.ZodObject, P> {
  readonly type: N;
  readonly options: (ref: Refs) => S;
  readonly create: (options: z.output<S>, services: Services) => Part;
  readonly shorthand?: P;
}

/** Defines an operator over temperatures; only its type differs from `defineSchedule`. */
export const defineOperator = <const N extends string, S extends z.ZodObject, const P extends keyof z.input<S> & string = never>(
  spec: OperatorSpec<N, S, P>,
): Operator<N, S, P> => defineSchedule(spec as never) as unknown as Operator<N, S, P>;
