import { createKit, type LossWeighting } from '@temper/core';
import { expect, test } from 'vitest';
import { standardPlugins } from '../../standard.js';
import * as valid from './valid-configs.js';
import { validRuns } from './valid-runs.js';

const kit = createKit({ plugins: standardPlugins });

test.each(validRuns.map((run, i) => [i, run] as const))('config %i is valid before it is changed', (_, run) => {
  expect(() => kit.parse(run)).not.toThrow();
});

test('the valid configs use every strategy that is installed', () => {
  const { dataSets, losses, metrics, models, optimizers, recipes, reporters, schedules, temperatures, weightings } = valid;
  const byKind: Readonly<Record<string, readonly unknown[]>> = {
    schedule: schedules,
    temperature: temperatures,
    loss: losses,
    metric: metrics,
    weighting: weightings,
    optimizer: optimizers,
    model: models,
    data: dataSets,
    reporter: reporters,
    recipe: recipes,
  };
  const isThere = (kind: string, type: string): boolean => JSON.stringify(byKind[kind] ?? []).includes(`"type":"${type}"`);
  expect(kit.definitions.filter(({ kind, type }) => !isThere(kind, type)).map(({ kind, type }) => `${kind} ${type}`)).toEqual([]);
  for (const strategy of Object.values(byKind).flat()) expect(JSON.stringify(validRuns)).toContain(JSON.stringify(strategy));
});

const reacting = [
  ...valid.temperatures.map((config) => ['temperature', config] as const),
  ...valid.weightings.map((config) => ['weighting', config] as const),
].flatMap(([slot, config]) => {
  const { state } = kit.build(slot, config, []) as Partial<LossWeighting>;
  return state === undefined ? [] : [[JSON.stringify(config), state] as const];
});

test.each(reacting)('the state of %s has a schema that accepts its initial value', (_, { schema, initial }) => {
  expect(schema?.safeParse(initial)).toMatchObject({ success: true });
});

test('three temperatures and two weightings have a state', () => {
  expect(reacting.length).toBeGreaterThanOrEqual(5);
});
