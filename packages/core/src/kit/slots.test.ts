import { expect, test } from 'vitest';
import * as core from '../index.js';
import { slotTable, slots } from './slots.js';

const kit = core.createKit({ plugins: [] });

test('every kind of plug-in has a defineX, and every slot a method of the kit', () => {
  const kinds = [...new Set(Object.values(slotTable).flatMap((row) => row.kinds))];
  for (const kind of kinds) expect(core).toHaveProperty(`define${(kind[0] as string).toUpperCase()}${kind.slice(1)}`);
  for (const slot of slots) if (slot !== 'recipe') expect(kit[slot]).toBeTypeOf('function');
});

test('the JSON Schema describes every slot', () => {
  const { $defs } = kit.jsonSchema() as { $defs: Record<string, unknown> };
  expect(Object.keys($defs)).toEqual(expect.arrayContaining([...slots]));
});
