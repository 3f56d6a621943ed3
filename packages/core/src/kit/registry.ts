import { TemperError } from '../errors.js';
import { isList } from '../is-record.js';
import type { AnyDefinition, Plugin } from './define.js';
import { show } from './issues.js';
import type { Kind } from './slots.js';

/** The definitions of a kit, by kind and type. */
export interface Registry {
  find(kinds: readonly Kind[], type: string): AnyDefinition | undefined;
  list(kinds?: readonly Kind[]): readonly AnyDefinition[];
  readonly plugins: readonly Plugin[];
}

/**
 * Collects the definitions of plug-ins; two definitions of one name and a missing requirement are errors that name both plug-ins.
 * @param builtIn Plug-ins that come first unless they are given as well; paths in errors count the given ones alone.
 */
export function createRegistry(given: readonly (Plugin | AnyDefinition)[] | undefined, builtIn: readonly Plugin[] = []): Registry {
  if (!isList(given)) {
    throw new TemperError({
      code: 'plugin/invalid',
      path: 'plugins',
      message: `must be a list of plug-ins and definitions, got ${show(given)}`,
      hint: 'Write: createKit({ plugins: [schedules, losses] }).',
    });
  }
  const plugins = [...builtIn.filter((plugin) => !given.includes(plugin)), ...(given as readonly unknown[]).map(asPlugin)];
  plugins.forEach(checkProvided);
  const definitions = new Map<string, { definition: AnyDefinition; plugin: string }>();
  const names = new Set<string>();
  for (const plugin of plugins) {
    if (names.has(plugin.name)) {
      throw new TemperError({
        code: 'plugin/duplicate',
        message: `plug-in "${plugin.name}" is listed twice`,
        hint: 'Remove one of the two entries.',
      });
    }
    names.add(plugin.name);
    for (const definition of plugin.provides) {
      const key = `${definition.kind}:${definition.type}`;
      const earlier = definitions.get(key);
      if (earlier !== undefined) {
        throw new TemperError({
          code: 'plugin/duplicate',
          message:
            `${definition.kind} "${definition.type}" is defined by plug-in "${earlier.plugin}" and again by plug-in ` + `"${plugin.name}"`,
          hint: 'Rename one of them, or list only one of the plug-ins.',
        });
      }
      definitions.set(key, { definition, plugin: plugin.name });
    }
  }
  for (const plugin of plugins) {
    for (const need of plugin.requires ?? []) {
      if (!names.has(need)) {
        throw new TemperError({
          code: 'plugin/missing-requirement',
          message: `plug-in "${plugin.name}" requires plug-in "${need}", which is not listed. Listed: ${[...names].join(', ')}`,
          hint: `Add "${need}" to plugins.`,
        });
      }
    }
  }
  const all = [...definitions.values()].map(({ definition }) => definition);
  return {
    plugins,
    find: (kinds, type) => kinds.map((kind) => definitions.get(`${kind}:${type}`)?.definition).find((found) => found !== undefined),
    list: (kinds) => (kinds === undefined ? all : all.filter(({ kind }) => kinds.includes(kind))),
  };
}

/** Checks the definitions of a plug-in, which in JavaScript may be any values. */
function checkProvided({ name, provides }: Plugin): void {
  (provides as readonly unknown[]).forEach((one, index) => {
    if (
      one !== null &&
      (typeof one === 'object' || typeof one === 'function') &&
      'kind' in one &&
      'type' in one &&
      typeof one.type === 'string' &&
      'create' in one
    )
      return;
    throw new TemperError({
      code: 'plugin/invalid',
      path: `provides[${index}]`,
      message: `plug-in "${name}" must provide definitions (defineSchedule, defineLoss, …), got ${show(one)}`,
    });
  });
}

function checkNames(plugin: Plugin, index: number): Plugin {
  const { name, requires = [] } = plugin as { readonly name: unknown; readonly requires?: unknown };
  const refuse = (option: string, expected: string, got: unknown): TemperError =>
    new TemperError({ code: 'plugin/invalid', path: `plugins[${index}].${option}`, message: `must be ${expected}, got ${show(got)}` });
  if (typeof name !== 'string') throw refuse('name', 'a text', name);
  if (!isList(requires) || !requires.every((need) => typeof need === 'string')) throw refuse('requires', 'a list of names', requires);
  return plugin;
}

function asPlugin(one: unknown, index: number): Plugin {
  if (one !== null && (typeof one === 'object' || typeof one === 'function')) {
    if ('provides' in one && isList(one.provides)) return checkNames(one as unknown as Plugin, index);
    if ('kind' in one && 'type' in one && typeof one.type === 'string' && 'create' in one) {
      const definition = one as unknown as AnyDefinition;
      return { name: `${definition.kind}:${definition.type}`, provides: [definition] };
    }
  }
  throw new TemperError({
    code: 'plugin/invalid',
    path: `plugins[${index}]`,
    message:
      `must be a plug-in (definePlugin) or a definition (defineSchedule, defineLoss, …), got ` +
      `${one === undefined ? 'nothing' : typeof one}`,
    ...(typeof one === 'function' ? { hint: 'It is a function: must it be called?' } : {}),
  });
}
