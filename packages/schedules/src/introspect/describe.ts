import { configOf, TemperError, unknownName, type AnyDefinition, type Refs } from '@temper/core';
import { z } from 'zod';

/**
 * Describes in words what a schedule does, from its config or from a built schedule. The words come from the description of each
 * definition's options (`.describe('straight line from \`from\` to \`to\`')`): options in backticks are filled in, and a part in brackets
 * is left out where one of its options is. A definition without a description is named with its options.
 * @param definitions Where the names are looked up, for instance `kit.definitions`.
 * @throws TemperError `config/unknown-name` for a name that is not among them, `config/invalid` for a value that is not a schedule.
 * @example describe(sequence([linear({ from: 20, to: 4 }), hold(4)]), kit.definitions)
 * // 'sequence of 1) straight line from 20 to 4, 2) hold at 4'
 */
export function describe(schedule: unknown, definitions: readonly AnyDefinition[]): string {
  return inWords(configOf(schedule) ?? schedule, definitions, []);
}

type Path = readonly PropertyKey[];

function inWords(config: unknown, definitions: readonly AnyDefinition[], path: Path): string {
  if (typeof config === 'number') return `constant ${numberText(config)}`;
  if (!isStrategy(config)) {
    const got = typeof config === 'function' ? 'a function without a config' : JSON.stringify(config);
    throw new TemperError({
      code: 'config/invalid',
      path,
      message: `must be a schedule, its config or a number, got ${got}`,
    });
  }
  const known = definitions.filter(({ kind }) => kind === 'schedule' || kind === 'temperature');
  const definition = known.find(({ type }) => type === config.type);
  if (definition === undefined) {
    throw new TemperError({
      code: 'config/unknown-name',
      path: [...path, 'type'],
      message: unknownName(
        'schedule',
        config.type,
        known.map(({ type }) => type),
      ),
    });
  }
  const { type, ...given } = config;
  const schema = definition.options(anyRefs);
  const parsed = schema.safeParse(given);
  // Defaults are part of the description; what is wrong with the options is for the kit to say.
  const options = (parsed.success ? parsed.data : given) as Readonly<Record<string, unknown>>;
  const text = (name: string): string => valueText(options[name], definitions, [...path, name]);
  if (schema.description !== undefined) return fill(schema.description, (name) => options[name] !== undefined, text);
  const named = Object.keys(options).map((name) => `${name} ${text(name)}`);
  return named.length === 0 ? type : `${type} (${named.join(', ')})`;
}

const anyRefs = new Proxy({}, { get: () => z.unknown() }) as Refs;

function fill(template: string, isGiven: (name: string) => boolean, text: (name: string) => string): string {
  const namesIn = (part: string): string[] => [...part.matchAll(/`(\w+)`/g)].map(([, name]) => name as string);
  const kept = template.replace(/\[([^[\]]*)\]/g, (_, part: string) => (namesIn(part).every(isGiven) ? part : ''));
  return kept.replace(/`(\w+)`/g, (_, name: string) => text(name));
}

function valueText(value: unknown, definitions: readonly AnyDefinition[], path: Path): string {
  if (typeof value === 'number') return numberText(value);
  const built = configOf(value) ?? value;
  if (isStrategy(built)) return `(${inWords(built, definitions, path)})`;
  if (Array.isArray(built)) return listText(built, definitions, path);
  if (typeof built === 'object' && built !== null) return objectText(built as Readonly<Record<string, unknown>>, definitions, path);
  return String(built);
}

/** Strategies are numbered; other entries are listed. */
function listText(list: readonly unknown[], definitions: readonly AnyDefinition[], path: Path): string {
  const numbered = list.some((item) => isStrategy(configOf(item) ?? item));
  const texts = list.map((item, i) => valueText(item, definitions, [...path, i]));
  return (numbered ? texts.map((text, i) => `${i + 1}) ${text.includes(',') ? text : text.replace(/^\((.*)\)$/, '$1')}`) : texts).join(
    ', ',
  );
}

const units: Readonly<Record<string, (amount: number) => string>> = {
  steps: (amount) => `${numberText(amount)} ${amount === 1 ? 'step' : 'steps'}`,
  epochs: (amount) => `${numberText(amount)} ${amount === 1 ? 'epoch' : 'epochs'}`,
  fraction: (amount) => `${numberText(amount * 100)} %`,
};

/** `{ epochs: 2 }` is a length; other objects are their fields, one after the other. */
function objectText(fields: Readonly<Record<string, unknown>>, definitions: readonly AnyDefinition[], path: Path): string {
  return Object.entries(fields)
    .map(
      ([name, value]) =>
        (typeof value === 'number' ? units[name]?.(value) : undefined) ?? `${name} ${valueText(value, definitions, [...path, name])}`,
    )
    .join(' ');
}

const isStrategy = (value: unknown): value is { readonly type: string } & Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

const numberText = (value: number): string => String(Number(value.toPrecision(6)));
