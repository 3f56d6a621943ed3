import fc from 'fast-check';
import { z } from 'zod';
import { type AnyDefinition, type Json, type Refs, slots } from '@temper/core';

/** The parts of JSON Schema that options use. */
interface Schema {
  readonly type?: string;
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** The slot of a nested strategy. */
  readonly 'temper-slot'?: string;
}

const marked = Object.fromEntries(slots.map((slot) => [slot, z.unknown().meta({ 'temper-slot': slot })])) as unknown as Refs;

/** Draws options of a definition from its zod schema; nested schedules are numbers or the given ones. */
export function anyOptions(definition: AnyDefinition, nested: fc.Arbitrary<Json>): fc.Arbitrary<Readonly<Record<string, Json>>> {
  return arbitraryOf(schemaOf(definition), nested) as fc.Arbitrary<Readonly<Record<string, Json>>>;
}

/** Returns the names of a definition's options that are numbers. */
export function numericOptions(definition: AnyDefinition): readonly string[] {
  const isNumeric = ({ type }: Schema): boolean => type === 'number' || type === 'integer';
  return Object.entries(schemaOf(definition).properties ?? {}).flatMap(([name, schema]) => (isNumeric(schema) ? [name] : []));
}

/** Returns the names of a definition's required options. */
export const requiredOptions = (definition: AnyDefinition): readonly string[] => schemaOf(definition).required ?? [];

const schemaOf = (definition: AnyDefinition): Schema =>
  z.toJSONSchema(definition.options(marked), { io: 'input', unrepresentable: 'any' }) as Schema;

function arbitraryOf(schema: Schema, nested: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const slot = schema['temper-slot'];
  if (slot === 'schedule' || slot === 'temperature') return nested;
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => arbitraryOf(one, nested)));
  switch (schema.type) {
    case 'number':
      return anyNumber(schema);
    case 'integer':
      return anyInteger(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return fc.string({ minLength: schema.minLength ?? 0, maxLength: schema.maxLength ?? (schema.minLength ?? 0) + 10 });
    case 'array':
      return anyArray(schema, nested);
    case 'object':
      return anyObject(schema, nested);
    default:
      throw new Error(`options cannot be guessed from this part of their schema: ${JSON.stringify(schema)}; give examples`);
  }
}

/** Draws mostly typical numbers, sometimes any that the schema allows. */
function anyNumber({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): fc.Arbitrary<number> {
  const low = Math.max(minimum ?? -Infinity, exclusiveMinimum ?? -Infinity, -Number.MAX_VALUE);
  const high = Math.min(maximum ?? Infinity, exclusiveMaximum ?? Infinity, Number.MAX_VALUE);
  // Zero is added because JSON does not keep -0.
  const between = (min: number, max: number): fc.Arbitrary<number> =>
    fc
      .double({ min, max, noNaN: true, minExcluded: min === exclusiveMinimum, maxExcluded: max === exclusiveMaximum })
      .map((value) => value + 0);
  const usual = { min: Math.max(low, -100), max: Math.min(high, 100) };
  if (usual.min >= usual.max) return between(low, high);
  // Thousandths are evenly spread, while doubles concentrate around 0.
  const even = fc.integer({ min: Math.ceil(usual.min * 1000), max: Math.floor(usual.max * 1000) }).map((value) => value / 1000 + 0);
  const allowed = (value: number): boolean => value >= low && value <= high && value !== exclusiveMinimum && value !== exclusiveMaximum;
  return fc.oneof(
    { weight: 6, arbitrary: even.filter(allowed) },
    { weight: 1, arbitrary: between(usual.min, usual.max) },
    { weight: 1, arbitrary: between(low, high) },
  );
}

function anyInteger({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): fc.Arbitrary<number> {
  const min = Math.max(minimum ?? -Infinity, (exclusiveMinimum ?? -Infinity) + 1, Number.MIN_SAFE_INTEGER);
  const max = Math.min(maximum ?? Infinity, (exclusiveMaximum ?? Infinity) - 1, Number.MAX_SAFE_INTEGER);
  const usual = fc.integer({ min: Math.max(min, -20), max: Math.max(Math.max(min, -20), Math.min(max, 20)) });
  return fc.oneof(
    { weight: 6, arbitrary: usual },
    { weight: 1, arbitrary: fc.maxSafeInteger().filter((value) => value >= min && value <= max) },
  );
}

function anyArray({ items, prefixItems, minItems = 0, maxItems = Infinity }: Schema, nested: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  if (prefixItems !== undefined) return fc.tuple(...prefixItems.map((one) => arbitraryOf(one, nested)));
  return fc.array(arbitraryOf(items ?? {}, nested), { minLength: minItems, maxLength: Math.min(maxItems, Math.max(minItems, 4)) });
}

function anyObject({ properties = {}, required = [], additionalProperties }: Schema, nested: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  if (typeof additionalProperties === 'object' && Object.keys(properties).length === 0) {
    return fc.dictionary(fc.constantFrom('soft', 'hard', 'a'), arbitraryOf(additionalProperties, nested));
  }
  const parts = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, arbitraryOf(schema, nested)]));
  const optional = Object.keys(parts).filter((name) => !required.includes(name));
  // Often a single one of the optional options: schemas cannot express "either this or that".
  const kept =
    optional.length === 0 ? fc.constant<string[]>([]) : fc.oneof(fc.subarray(optional), fc.constantFrom(...optional.map((name) => [name])));
  return kept.chain((names) => {
    const chosen = Object.entries(parts).filter(([name]) => required.includes(name) || names.includes(name));
    return fc.record(Object.fromEntries(chosen), { noNullPrototype: true });
  });
}
