import type { z } from 'zod';
import type { Plugin } from './define.js';
import type { Nested } from './run-schema.js';
import type { KindOf, Ref, Refs, Slot, Slots } from './slots.js';

/** All definitions of a tuple of plug-ins and bare definitions. */
export type DefinitionsOf<P> = P extends readonly (infer U)[] ? (U extends Plugin<infer D> ? D[number] : U) : never;

/** The values that a slot accepts: the config of a definition, a strategy built by a definition, or the slot's shorthand. */
export type SlotConfig<D, K extends Slot> = Named<D, KindOf<K>, D> | Slots[K] | ShorthandOf<D, K>;

type ShorthandOf<D, K extends Slot> = K extends 'schedule' | 'temperature'
  ? number
  : K extends 'weighting'
    ? Readonly<Record<string, SlotConfig<D, 'schedule'>>> & { readonly type?: never }
    : K extends 'metric'
      ? TypesOf<D, 'metric'>
      : never;

type TypesOf<D, K> = D extends { readonly kind: K; readonly type: infer N } ? N : never;

/** `{ type, ...options }` of each definition of these kinds, nested strategies filled in from the same set. */
type Named<D, Kinds, All> = D extends {
  readonly kind: infer K;
  readonly type: infer N;
  readonly options: (ref: Refs) => infer S extends z.ZodObject;
}
  ? K extends Kinds
    ? { readonly type: N } & OptionsOf<z.input<S>, All>
    : never
  : never;

// zod types an object without options as Record<string, never>, which would forbid `type` as well.
type OptionsOf<T, D> = string extends keyof T ? unknown : { readonly [P in keyof T]: Fill<T[P], D> };

/** A config type in which the definitions of a kit replace the slots, and `Parts` replaces the parts with their own names. */
export type Fill<T, D, Parts = Record<never, never>> =
  T extends Ref<infer K>
    ? SlotConfig<D, K>
    : T extends Nested<infer N>
      ? Parts[N & keyof Parts]
      : T extends readonly (infer U)[]
        ? readonly Fill<U, D, Parts>[]
        : T extends object
          ? { readonly [P in keyof T]: Fill<T[P], D, Parts> }
          : T;
