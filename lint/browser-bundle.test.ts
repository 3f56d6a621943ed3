import { builtinModules } from 'node:module';
import { expect, test } from 'vitest';
import { browserBundle } from '../fixtures/browser-bundle.js';

const tfjs = /^@tensorflow\//;
const source = (name: string): string => `'../packages/${name}/src/index.ts'`;
/** A program that trains with any schedule and any loss. */
const kit = `
import { createKit, optimizers } from ${source('core')};
import { losses } from ${source('losses')};
import { schedules } from ${source('schedules')};
export default createKit({ plugins: [schedules, losses, optimizers] });`;
/** A program that uses one schedule and one loss in a training loop of its own. */
const strategies = `
export { kl } from ${source('losses')};
export { linear } from ${source('schedules')};`;

test('a browser bundle of core, schedules and losses has no Node API and no test tool', async () => {
  const { imports, files } = await browserBundle(kit, [tfjs]);
  expect(imports.filter((name) => name.startsWith('node:') || builtinModules.includes(name))).toEqual([]);
  expect(imports.filter((name) => !tfjs.test(name))).toEqual([]);
  expect(files.filter((path) => /fast-check|tfjs-node|vitest|\/(testing|fixtures)\/|fixtures\.ts|\.test\.ts/.test(path))).toEqual([]);
});

/** Kilobytes after brotli. Before raising one, look whether what came in can be loaded later or left out. */
test.each([
  ['with zod and inversify', kit, [tfjs], 120],
  ['without libraries', kit, [tfjs, /^(zod|inversify|reflect-metadata)/], 78],
  ['of one schedule and one loss', strategies, [tfjs], 42],
] as const)('a browser bundle %s stays below its limit of bytes', async (_, program, external, limit) => {
  const { brotli } = await browserBundle(program, external);
  expect(brotli / 1000).toBeLessThan(limit);
});
