import { z } from 'zod';
import type { Registry } from './registry.js';
import { slots, slotTable, type Refs, type Slot } from './slots.js';

/** Returns the JSON Schema (draft 2020-12) of a schema with these definitions, for editors and other programs. */
export function toJsonSchema(registry: Registry, make: (refs: Refs) => z.ZodType): Record<string, unknown> {
  const describing = Object.fromEntries(slots.map((slot) => [slot, describe(slot)])) as unknown as Refs;
  // A lazy schema is evaluated again in every copy of it (a described one, an optional one): the copies share one union.
  const unions = new Map<Slot, z.ZodType>();
  function describe(slot: Slot): z.ZodType {
    return z.lazy(() => unions.get(slot) ?? remember(slot)).meta({ id: slot });
  }
  function remember(slot: Slot): z.ZodType {
    const union = z.union(alternatives(slot));
    unions.set(slot, union);
    return union;
  }
  function alternatives(slot: Slot): z.ZodType[] {
    const named = registry.list(slotTable[slot].kinds).map((definition) => {
      const { shape, description } = definition.options(describing);
      const named = z.strictObject({ type: z.literal(definition.type), ...shape });
      return description === undefined ? named : named.describe(description);
    });
    const { takesNames, takesNumbers } = slotTable[slot];
    if (takesNumbers === true) return [z.number().describe('constant'), ...named];
    if (takesNames === true && named.length > 0) return [z.enum(registry.list(slotTable[slot].kinds).map(({ type }) => type)), ...named];
    if (slot === 'weighting')
      return [...named, z.record(z.string().regex(/^(?!type$)/), describing.schedule).describe('weight of each loss by name')];
    return named.length === 0 ? [z.never()] : named;
  }
  return z.toJSONSchema(make(describing), { io: 'input', unrepresentable: 'any' });
}
