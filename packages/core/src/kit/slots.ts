import type { z } from 'zod';
import type { DataLoader } from '../contracts/data.js';
import type { Reporter } from '../contracts/events.js';
import type { Loss } from '../contracts/loss.js';
import type { Metric } from '../contracts/metric.js';
import type { NetworkBuilder } from '../contracts/network.js';
import type { Optimizer } from '../contracts/optimizer.js';
import type { Schedule, TemperatureSchedule } from '../contracts/schedule.js';
import type { LossWeighting, WeightSchedule } from '../contracts/weighting.js';

/** Parts of a run's config (stages, teacher, losses, …) under one name; the run's config takes precedence. */
export type Recipe = Readonly<Record<string, unknown>>;

/**
 * The table of kinds: the type of the strategy in each slot of a config. Kit methods, configs and schemas follow from it; a new kind
 * needs a row here and in `slotTable`, its contract, and its `defineX`.
 */
export interface Slots {
  /** A plain schedule. */
  schedule: Schedule;
  /** A temperature: a plain schedule, or an adaptive policy with its two sides. */
  temperature: Schedule | TemperatureSchedule;
  /** A weighting: plain weights over progress, or one with a graph side. */
  weighting: WeightSchedule | LossWeighting;
  /** A loss on logits. */
  loss: Loss;
  /** An optimizer. */
  optimizer: Optimizer;
  /** A metric of evaluations. */
  metric: Metric;
  /** A loader of training, validation and test data. */
  data: DataLoader;
  /** A builder of networks of one architecture. */
  model: NetworkBuilder;
  /** Parts of a run's config. */
  recipe: Recipe;
  /** A reporter of a run's events. */
  reporter: Reporter;
}
/** A place in a config that holds a strategy. */
export type Slot = keyof Slots;

/** The value that a definition of each kind creates. An operator over temperatures is a `schedule` that may create either. */
export interface Products extends Omit<Slots, 'schedule' | 'temperature'> {
  schedule: Schedule | TemperatureSchedule;
  temperature: TemperatureSchedule;
}
/** The kinds of definitions. */
export type Kind = keyof Products;

/** The kinds of definition that may be in a slot. */
export type KindOf<K extends Slot> = K extends 'temperature' ? 'schedule' | 'temperature' : K;

interface SlotRow {
  /** Kinds of definition that may be in the slot. */
  readonly kinds: readonly Kind[];
  /** For messages; default: the slot's name. */
  readonly word?: string;
  /** For messages: an example of a valid value. Default: the first definition that needs no options. */
  readonly example?: string;
  /** True where a finite number is a constant schedule. */
  readonly takesNumbers?: true;
  /** True where `"name"` is short for `{ type: "name" }`. */
  readonly takesNames?: true;
}

/** The properties of each slot. */
export const slotTable: Readonly<Record<Slot, SlotRow>> = {
  schedule: { kinds: ['schedule'], example: '0.5', takesNumbers: true },
  temperature: { kinds: ['schedule', 'temperature'], example: '4', takesNumbers: true },
  weighting: { kinds: ['weighting'], example: '{ "soft": 0.7, "hard": 0.3 }' },
  loss: { kinds: ['loss'] },
  optimizer: { kinds: ['optimizer'], example: '{ "type": "adam", "learningRate": 0.001 }' },
  metric: { kinds: ['metric'], example: '"accuracy"', takesNames: true },
  data: { kinds: ['data'], word: 'data set' },
  model: { kinds: ['model'] },
  recipe: { kinds: ['recipe'] },
  reporter: { kinds: ['reporter'] },
};

/** Names of all slots of a config. */
export const slots = Object.keys(slotTable) as readonly Slot[];

declare const slotOf: unique symbol;
/** A strategy of slot K inside the options of another strategy. */
export interface Ref<K extends Slot = Slot> {
  readonly [slotOf]: K;
}

/** Schemas for nested strategies: parsing gives the built strategy, so `create` needs no lookup. */
export type Refs = { readonly [K in Slot]: z.ZodType<Slots[K], Ref<K>> };
