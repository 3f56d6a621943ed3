// inversify reads decorator metadata through this standard polyfill. It loads the lite form too, so bundles hold one.
import 'reflect-metadata/lite';
import { inversify } from '#libraries';
import type { Container } from 'inversify';
import type { StageContext } from '../contracts/stage.js';
import { TemperError } from '../errors.js';
import { reasonOf } from '../reason.js';
import { createRandom } from '../random.js';
import { eagerEngine } from '../train/step/eager-engine.js';
import type { ClassServices } from './define.js';
import type { Registry } from './registry.js';
import type { RunConfig } from './run-config.js';
import { Tokens } from './tokens.js';

/** Creates a container with the services of a run; plug-ins rebind them in their order. */
export function createContainer(registry: Registry, config?: RunConfig): Container {
  const container = new inversify.Container({ defaultScope: 'Singleton' });
  if (config !== undefined) container.bind(Tokens.Config).toConstantValue(config);
  container.bind(Tokens.Random).toConstantValue(createRandom(config?.seed ?? 0));
  container.bind(Tokens.Clock).toConstantValue({ now: () => performance.now() });
  container.bind(Tokens.Engine).toConstantValue(eagerEngine);
  for (const plugin of registry.plugins) plugin.services?.(container);
  return container;
}

/** A child of the run's container for the strategies of one stage, which may ask for the stage itself. */
export function stageContainer(container: Container, stage: () => StageContext): Container {
  const child = new inversify.Container({ parent: container, defaultScope: 'Singleton' });
  child.bind(Tokens.Stage).toDynamicValue(stage);
  return child;
}

/**
 * Gives definitions access to a container, which is created on first use; class plug-ins are created in a child container with their
 * options.
 */
export function servicesOf(open: () => Container): ClassServices {
  let opened: Container | undefined;
  return {
    get(token) {
      const container = (opened ??= open());
      if (!container.isBound(token)) {
        throw new TemperError({
          code: 'plugin/missing-requirement',
          message: `nothing is bound to ${String(token)}, which a plug-in needs`,
          hint: hintFor(token),
        });
      }
      return container.get(token);
    },
    construct(definition, options) {
      const child = new inversify.Container({ parent: (opened ??= open()), defaultScope: 'Singleton' });
      child.bind(Tokens.Options).toConstantValue(options);
      child.bind(definition.class as never).toSelf();
      try {
        return child.get(definition.class as never);
      } catch (error) {
        if (error instanceof TemperError) throw error;
        const unbound = Object.values(Tokens).find((one) => !child.isBound(one) && reasonOf(error).includes(String(one)));
        throw new TemperError({
          code: unbound === undefined ? 'plugin/invalid' : 'plugin/missing-requirement',
          message: `class "${definition.class.name}" of "${definition.type}" could not be created: ${reasonOf(error).split('\n')[0]}`,
          hint:
            unbound === undefined
              ? 'Mark the class with @injectable(), each constructor parameter with @inject(token), and bind every token that it injects.'
              : hintFor(unbound),
          cause: error,
        });
      }
    },
  };
}

const hintFor = (token: unknown): string =>
  token === Tokens.Stage
    ? 'Tokens.Stage is bound only while a run builds the strategies of its stages; outside of a run, bind it yourself.'
    : 'Add the plug-in that provides it (package node binds Files, RunStore and NetworkLoader), or bind it yourself.';
