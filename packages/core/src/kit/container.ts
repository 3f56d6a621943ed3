// inversify reads decorator metadata through this standard polyfill.
import 'reflect-metadata';
import { inversify } from '#libraries';
import type { Container } from 'inversify';
import { TemperError } from '../errors.js';
import { reasonOf } from '../reason.js';
import { createRandom } from '../random.js';
import { eagerEngine } from '../train/step/eager-engine.js';
import type { ClassServices } from './define.js';
import type { Registry } from './registry.js';
import type { RunConfig } from './run-config.js';
import { Tokens } from './tokens.js';

/** The services of a run, then what each plug-in binds over them, in the order of the plug-ins. */
export function createContainer(registry: Registry, config?: RunConfig): Container {
  const container = new inversify.Container({ defaultScope: 'Singleton' });
  if (config !== undefined) container.bind(Tokens.Config).toConstantValue(config);
  container.bind(Tokens.Random).toConstantValue(createRandom(config?.seed ?? 0));
  container.bind(Tokens.Clock).toConstantValue({ now: () => performance.now() });
  container.bind(Tokens.Engine).toConstantValue(eagerEngine);
  for (const plugin of registry.plugins) plugin.services?.(container);
  return container;
}

/** What definitions may ask of a container, opened by the first that asks; class plug-ins are made in a child that holds their options. */
export function servicesOf(open: () => Container): ClassServices {
  let opened: Container | undefined;
  return {
    get(token) {
      const container = (opened ??= open());
      if (!container.isBound(token)) {
        throw new TemperError({
          code: 'plugin/missing-requirement',
          message: `nothing is bound to ${String(token)}, which a plug-in asks for`,
          hint: 'Add the plug-in that provides it (package node binds Files, RunStore and NetworkLoader), or bind it yourself.',
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
        throw new TemperError({
          code: 'plugin/invalid',
          message: `class "${definition.class.name}" of "${definition.type}" could not be made: ${reasonOf(error).split('\n')[0]}`,
          hint: 'Mark the class with @injectable(), each constructor parameter with @inject(token), and bind every token it asks for.',
          cause: error,
        });
      }
    },
  };
}
