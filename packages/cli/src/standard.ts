import type { AnyDefinition, Plugin } from '@temper/core';
import { data } from '@temper/data';
import { losses } from '@temper/losses';
import { models } from '@temper/models';
// Of all the package of Node no more than this: it is loaded before anything runs.
import { reporters } from '@temper/node/reporters';
import { recipes } from '@temper/recipes';
import { schedules } from '@temper/schedules';

/** The plug-ins that every config of the command may use without listing them. */
export const standardPlugins = [schedules, losses, data, models, recipes, reporters] as const;

/** Type of `standardPlugins`. */
export type StandardPlugins = typeof standardPlugins;

/**
 * The standard plug-ins, those of the command, and a config's own after them, so that these may rebind every service.
 * One that is listed again, and one of the command's that the config brings itself, counts once.
 */
export function withStandard(
  own: readonly (Plugin | AnyDefinition)[],
  command: readonly Plugin[] = [],
): readonly (Plugin | AnyDefinition)[] {
  const brought = new Set(own.map((one) => ('name' in one ? one.name : undefined)));
  return [...new Set<Plugin | AnyDefinition>([...standardPlugins, ...command.filter(({ name }) => !brought.has(name)), ...own])];
}
