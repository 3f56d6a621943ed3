import type { Container } from 'inversify';
import { defineKind, type AnyDefinition, type DefineTemperature } from './define-kind.js';

export type {
  AnyDefinition,
  ClassServices,
  ClassSpec,
  CreateSpec,
  Define,
  DefineTemperature,
  Definition,
  Given,
  Services,
} from './define-kind.js';
export { defineMetric, type MetricSpec } from './define-metric.js';

/**
 * Defines a schedule: a number over progress, for temperature, loss weights and learning rate alike. An operator
 * that also combines adaptive temperatures may create those.
 * @example
 * const halving = defineSchedule({
 *   type: 'halving',
 *   options: z.strictObject({ from: z.number(), every: z.int().min(1) }),
 *   create: ({ from, every }) => ({ step }) => from / 2 ** Math.floor(step / every),
 * });
 * halving({ from: 16, every: 100 })({ step: 250, total: 1000 }); // 4
 */
export const defineSchedule = defineKind('schedule');
/**
 * Defines an adaptive temperature: per sample, per class, learned or driven by metrics. For a temperature that follows progress and
 * differs between classes, `create` returns a function that gives one number for each class.
 * @example
 * const perDigit = defineTemperature({
 *   type: 'per-digit',
 *   options: z.strictObject({ from: z.array(z.number()), to: z.number() }),
 *   create: ({ from, to }) => (at) => from.map((first) => first + (to - first) * progressOf(at)),
 * });
 */
export const defineTemperature = defineKind('temperature') as DefineTemperature;
/** Defines a weighting: the weight of every named loss over a stage. */
export const defineWeighting = defineKind('weighting');
/** Defines a loss on logits. */
export const defineLoss = defineKind('loss');
/** Defines an optimizer. */
export const defineOptimizer = defineKind('optimizer');
/** Defines a source of training, validation and test data. */
export const defineData = defineKind('data');
/** Defines a network architecture. */
export const defineModel = defineKind('model');
/** Defines a recipe: parts of a run's config under one name. */
export const defineRecipe = defineKind('recipe');
/**
 * Defines a reporter, which receives every event of a run and may stop it.
 * @example
 * const target = defineReporter({
 *   type: 'target',
 *   options: z.strictObject({ accuracy: z.number() }),
 *   create: ({ accuracy }) => ({
 *     name: 'target',
 *     report(event, run) {
 *       if (event.type === 'evaluation' && (event.metrics['accuracy'] ?? 0) >= accuracy) run.stop('good enough');
 *     },
 *   }),
 * });
 */
export const defineReporter = defineKind('reporter');

/** A named bundle of definitions, and its bindings in the container of every run. */
export interface Plugin<D extends readonly AnyDefinition[] = readonly AnyDefinition[]> {
  readonly name: string;
  /** Names of plug-ins that must be installed with it. */
  readonly requires?: readonly string[];
  readonly provides: D;
  /** Binds or rebinds services in the run's container. */
  readonly services?: (container: Container) => void;
  /** Awaited before a run creates its first tensor, in the order of the plug-ins; the run reports the returned warnings. */
  readonly ready?: () => Promise<readonly string[]>;
}

/**
 * Bundles definitions under a name, for `createKit({ plugins: [...] })`.
 * @example const mine = definePlugin({ name: 'mine', provides: [halving] });
 */
export function definePlugin<const D extends readonly AnyDefinition[]>(plugin: Plugin<D>): Plugin<D>;
export function definePlugin(plugin: Omit<Plugin, 'provides'>): Plugin<readonly []>;
export function definePlugin(plugin: Omit<Plugin, 'provides'> & Partial<Pick<Plugin, 'provides'>>): Plugin {
  return { ...plugin, provides: plugin.provides ?? [] };
}
