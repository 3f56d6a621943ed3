import type { AnyDefinition, Plugin } from '@temper/core';
import { data } from '@temper/data';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
// Only this part of the package of Node: it is loaded at every start.
import { reporters } from '@temper/node/reporters';
import { recipes } from '@temper/recipes';
import { schedules } from '@temper/schedules';

/** The plug-ins that every config of the command may use without listing them. */
export const standardPlugins = [schedules, losses, data, models, recipes, reporters] as const;

/** Type of `standardPlugins`. */
export type StandardPlugins = typeof standardPlugins;

/**
 * Returns the standard plug-ins, those of the command, and then a config's own, so that these may rebind every service. A plug-in that is
 * listed again counts once, and so does one of the command that the config brings itself.
 */
export function withStandard(
  own: readonly (Plugin | AnyDefinition)[],
  command: readonly Plugin[] = [],
): readonly (Plugin | AnyDefinition)[] {
  const brought = new Set(own.map((one) => ('name' in one ? one.name : undefined)));
  return [...new Set<Plugin | AnyDefinition>([...standardPlugins, ...command.filter(({ name }) => !brought.has(name)), ...own])];
}
