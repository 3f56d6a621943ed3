import type { z } from 'zod';
import type { DataLoader } from '../contracts/data.js';
import type { Reporter } from '../contracts/events.js';
import type { Loss } from '../contracts/loss.js';
import type { NetworkBuilder } from '../contracts/network.js';
import type { Optimizer } from '../contracts/optimizer.js';
import type { Schedule, TemperatureSchedule } from '../contracts/schedule.js';
import type { LossWeighting, WeightSchedule } from '../contracts/weighting.js';

/** Parts of a run's config (stages, teacher, losses, …) under one name; what the run's own config says comes first. */
export type Recipe = Readonly<Record<string, unknown>>;

/** What a definition of each kind creates. An operator over temperatures is a `schedule` that may create either. */
export interface Products {
  schedule: Schedule | TemperatureSchedule;
  temperature: TemperatureSchedule;
  weighting: WeightSchedule | LossWeighting;
  loss: Loss;
  optimizer: Optimizer;
  data: DataLoader;
  model: NetworkBuilder;
  recipe: Recipe;
  reporter: Reporter;
}
/** What a definition may define. */
export type Kind = keyof Products;

/** What a place in a config holds once it is built. The slot `temperature` takes schedules and adaptive ones. */
export interface Slots {
  schedule: Schedule;
  temperature: Schedule | TemperatureSchedule;
  weighting: WeightSchedule | LossWeighting;
  loss: Loss;
  optimizer: Optimizer;
  data: DataLoader;
  model: NetworkBuilder;
  recipe: Recipe;
  reporter: Reporter;
}
/** A place in a config that holds a strategy. */
export type Slot = keyof Slots;

/** Which kinds of definition may stand in a slot. */
export const kindsOfSlot = {
  schedule: ['schedule'],
  temperature: ['schedule', 'temperature'],
  weighting: ['weighting'],
  loss: ['loss'],
  optimizer: ['optimizer'],
  data: ['data'],
  model: ['model'],
  recipe: ['recipe'],
  reporter: ['reporter'],
} as const satisfies Record<Slot, readonly Kind[]>;

export const slots = Object.keys(kindsOfSlot) as readonly Slot[];

declare const slotOf: unique symbol;
/** "Any strategy for slot K", as it stands inside the options of another strategy. */
export interface Ref<K extends Slot = Slot> {
  readonly [slotOf]: K;
}

/** Schemas for nested strategies: parsing gives the built strategy, so `create` never looks anything up. */
export type Refs = { readonly [K in Slot]: z.ZodType<Slots[K], Ref<K>> };
