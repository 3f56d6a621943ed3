import type { Container } from 'inversify';
import type { DefinitionsOf, SlotConfig } from './config-type.js';
import type { Builder } from './builder.js';
import { checkMetrics } from './check-metrics.js';
import { createContainer, servicesOf } from './container.js';
import type { AnyDefinition, Plugin } from './define.js';
import { checkNesting } from './check-nesting.js';
import { checkOptions } from './check-options.js';
import { explain, fromIssues } from './issues.js';
import { toJsonSchema } from './json-schema.js';
import { readable } from './readable.js';
import { refuseNetworks } from './refuse-networks.js';
import { createRegistry } from './registry.js';
import { createResolver } from './resolver.js';
import { metrics } from '../metrics/index.js';
import { optimizers } from '../optimizers/index.js';
import type { RunConfig, RunInput } from './run-config.js';
import { runSchema, type ConfigRefs } from './run-schema.js';
import { slots, type Recipe, type Slot, type Slots } from './slots.js';
import type { LayerPreview } from '../contracts/layer-preview.js';
import type { RunHandle, RunOptions } from '../contracts/run.js';
import { runHandle } from '../train/run/run-handle.js';

/** A method for each kind: builds a strategy from its config. */
export type KitMethods<D> = { readonly [K in Exclude<Slot, 'recipe'>]: (config: SlotConfig<D, K>) => Slots[K] };

/** A set of installed strategies: checks configs, builds strategies, and runs distillations. */
export interface Kit<D = AnyDefinition> extends Builder, KitMethods<D> {
  /** Every installed definition. */
  readonly definitions: readonly AnyDefinition[];
  /** JSON Schema (draft 2020-12) of a run's config. */
  jsonSchema(): Record<string, unknown>;
  /** A container with the services of a run, from which the training loop resolves them; they may be rebound. */
  container(config: RunInput<D>): Container;
  /** Runs a distillation: await it for the result, iterate it for its events. */
  run(config: RunInput<D>, options?: RunOptions): RunHandle;
  /**
   * Lists the pairs of layers that the losses of a run compare, with their shapes and weights. Loads the data and builds the networks,
   * makes all checks before training, and trains nothing.
   * @example await kit.layers({ teacher, student, losses: { hint: { type: 'fitnets', layers: { last: 2 } } }, weighting: { hint: 1 } })
   */
  layers(config: RunInput<D>, options?: RunOptions): Promise<readonly LayerPreview[]>;
}

/** The plug-ins that every kit includes. */
type BuiltIn = readonly [typeof optimizers, typeof metrics];

/**
 * Creates a kit from plug-ins and definitions, which determine the type of its config.
 * @example
 * const kit = createKit({ plugins: [schedules, losses] });
 * kit.schedule({ type: 'linear', from: 20, to: 1 })({ step: 0, total: 10 }); // 20
 * @throws TemperError `plugin/duplicate` and `plugin/missing-requirement`, naming both plug-ins.
 */
export function createKit<const P extends readonly (Plugin | AnyDefinition)[]>(given: {
  readonly plugins: P;
}): Kit<DefinitionsOf<P | BuiltIn>> {
  const registry = readable('plugin/invalid', 'plugins', () =>
    createRegistry((given as Partial<typeof given> | undefined)?.plugins, [optimizers, metrics]),
  );
  const resolver = createResolver(registry);
  // In a checked config each strategy is its own config in normal form.
  const schema = runSchema(resolver.checking as unknown as ConfigRefs);
  const checkedRuns = new WeakSet<object>();

  const build: Kit['build'] = (slot, config, path = [], container) => {
    return readable('config/invalid', path, () => {
      checkNesting(config, path);
      return resolver.build(
        slot,
        config,
        path,
        servicesOf(() => (typeof container === 'function' ? container() : (container ?? createContainer(registry)))),
      );
    });
  };
  const normal: Kit['normal'] = (slot, config, path = []) => {
    return readable('config/invalid', path, () => {
      checkNesting(config, path);
      return resolver.normal(slot, config, path);
    });
  };
  const parse = (config: unknown): RunConfig => {
    // A checked run is not checked again: `kit.run(kit.parse(config))`.
    if (typeof config === 'object' && config !== null && checkedRuns.has(config)) return config as RunConfig;
    const checked = Object.freeze(readable('config/invalid', 'config', () => checkedRun(config)));
    checkedRuns.add(checked);
    return checked;
  };
  const checkedRun = (config: unknown): RunConfig => {
    checkNesting(config);
    refuseNetworks(config);
    const whole = withRecipe(config, (recipe) => build('recipe', recipe, ['recipe']));
    // A recipe may nest the parts that it receives in each other.
    if (whole !== config) checkNesting(whole);
    const parsed = schema.safeParse(whole, { error: explain, reportInput: true });
    if (!parsed.success) throw fromIssues(parsed.error.issues, [], 'config');
    const checked = parsed.data as RunConfig;
    const services = servicesOf(() => createContainer(registry, checked));
    checkMetrics(checked, (slot, strategy, path = []) => resolver.build(slot, strategy, path, services), true);
    return checked;
  };
  /** Checks a run and its options, and makes the backend ready. */
  const opened = async (config: unknown, options: RunOptions) => {
    const given = checkOptions(options);
    const container = createContainer(registry, parse(config));
    const warnings: string[] = [];
    const prepared = registry.plugins.flatMap(({ ready }) => ready ?? []);
    for (const ready of prepared) warnings.push(...(await ready()));
    const { backendWarnings, requireBackend } = await import('../backend.js');
    requireBackend();
    if (prepared.length === 0) warnings.push(...(await backendWarnings()));
    return { given, container, warnings };
  };
  const kit: Kit = {
    definitions: registry.list(),
    parse,
    jsonSchema: () => toJsonSchema(registry, (refs) => runSchema(refs as unknown as ConfigRefs)),
    ...methodsOf(build),
    container: (config) => createContainer(registry, parse(config)),
    run: (config, options = {}) =>
      runHandle(async (events) => {
        const { given, container, warnings } = await opened(config, options);
        // A kit that only checks and builds needs no training loop.
        const { distill } = await import('../train/run/distill.js');
        return distill(kit, container, { ...given, reporters: [...(given.reporters ?? []), events] }, warnings);
      }),
    async layers(config, options = {}) {
      const { given, container } = await opened(config, options);
      const { comparedLayers } = await import('../train/run/compared-layers.js');
      return comparedLayers(kit, container, given);
    },
    build,
    normal,
  };
  return kit;
}

/** Adds the parts of a recipe to a config; the config takes precedence. */
function withRecipe(config: unknown, build: (recipe: unknown) => Recipe): unknown {
  if (typeof config !== 'object' || config === null || !('recipe' in config) || config.recipe === undefined) return config;
  const { recipe, ...own } = config;
  return { ...build(recipe), ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) };
}

function methodsOf(build: Builder['build']): KitMethods<AnyDefinition> {
  const methods = slots.filter((slot) => slot !== 'recipe').map((slot) => [slot, (config: unknown) => build(slot, config)]);
  return Object.fromEntries(methods) as KitMethods<AnyDefinition>;
}
