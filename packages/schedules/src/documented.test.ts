import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-node';
import { checkTemperature, createKit, fitTemperature, type AnyDefinition, type Json } from '@temper/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import * as index from './index.js';

const page = readFileSync(new URL('../../../docs/schedules.md', import.meta.url), 'utf8');
const kit = createKit({ plugins: [index.schedules] });
const provided: readonly AnyDefinition[] = index.schedules.provides;
const refs = { schedule: z.unknown(), temperature: z.unknown() } as never;

interface Found {
  readonly path: string;
  readonly source: string;
  readonly definition: AnyDefinition;
}

/** Every definition in a file of its own, found by looking into the folders. */
const folders = ['curves', 'operators', 'adaptive'];
const onDisk: readonly Found[] = (
  await Promise.all(
    folders.map(async (folder) => {
      const here = new URL(`${folder}/`, import.meta.url);
      const files = readdirSync(here).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
      const found = files.map(async (file): Promise<Found[]> => {
        const exported = (await import(/* @vite-ignore */ new URL(file, here).href)) as Record<string, unknown>;
        const definitions = Object.values(exported).filter(
          (one): one is AnyDefinition => typeof one === 'function' && 'kind' in one && 'create' in one,
        );
        return definitions.map((definition) => ({
          path: `${folder}/${file}`,
          source: readFileSync(new URL(file, here), 'utf8'),
          definition,
        }));
      });
      return (await Promise.all(found)).flat();
    }),
  )
).flat();

const types = onDisk.map(({ definition }) => definition.type).sort();

test('each definition has a file with the name of its type', () => {
  expect(types.length).toBeGreaterThan(30);
  for (const { path, definition } of onDisk) expect(path).toMatch(new RegExp(`/${definition.type}\\.ts$`));
});

test('the index exports every definition, and the plug-in provides it', () => {
  const exported = Object.values(index) as unknown[];
  for (const { definition } of onDisk) expect(exported, definition.type).toContain(definition);
  expect(provided.map(({ type }) => type).sort()).toEqual(types);
});

interface Row {
  readonly type: string;
  readonly words: string;
  readonly options: string;
}
const rows: readonly Row[] = [...page.matchAll(/^\| `([\w-]+)` \| (?!what it does)(.*?) \| (.*?) \|$/gm)].map(
  ([, type, words, options]) => ({
    type: type as string,
    words: words as string,
    options: options as string,
  }),
);

test('the tables of the page list every definition once', () => {
  expect(rows.map(({ type }) => type).sort()).toEqual(types);
});

test.each(onDisk.map((found) => [found.definition.type, found] as const))(
  'the row of %s has its options with defaults and its own description',
  (type, { definition, source }) => {
    const row = rows.find((one) => one.type === type) as Row;
    const schema = z.toJSONSchema(definition.options(refs), { io: 'input', unrepresentable: 'any' }) as {
      properties: Record<string, { default?: Json }>;
      required?: string[];
    };
    const options = Object.entries(schema.properties).map(([name, option]) => {
      const byDefault = option.default === undefined ? '' : ` (${JSON.stringify(option.default)})`;
      const isOptional = option.default === undefined && !(schema.required ?? []).includes(name);
      return `\`${name}\`${byDefault}${isOptional ? '?' : ''}`;
    });
    expect(row.options).toBe(options.join(', '));
    const docstring = (/\/\*\*\n([\s\S]*?)\*\/\nexport const/.exec(source)?.[1] ?? '').replace(/\s*\n? \* ?/g, ' ').trim();
    expect(docstring.startsWith(row.words), `${docstring.slice(0, 200)} … begins with: ${row.words}`).toBe(true);
  },
);

test.each(onDisk.map(({ definition, source }) => [definition.type, source] as const))(
  'the examples of %s run and give the stated values',
  (_, source) => {
    const examples = [...source.matchAll(/^ \* @example (.*?)(?: \/\/ (.*))?$/gm)];
    expect(examples.length).toBeGreaterThan(0);
    for (const [, code, said] of examples) {
      const value: unknown = new Function(...Object.keys(index), `return (${code as string});`)(...Object.values(index));
      expect(value).toBeDefined();
      if (typeof value === 'object' && value !== null && 'type' in value) expect(kit.build('temperature', value)).toBeDefined();
      if (/^-?[\d.]+/.test(said ?? '')) expect(value).toBeCloseTo(Number.parseFloat(said as string), 9);
      else if (typeof value === 'number') expect(said).toMatch(/^between/);
    }
  },
);

test('the JSON Schema includes every definition', () => {
  const schema = JSON.stringify(kit.jsonSchema());
  for (const type of types) expect(schema).toContain(`"const":"${type}"`);
});

test('every config on the page can be built', () => {
  const configs = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text as string) as Json);
  expect(configs.length).toBeGreaterThan(4);
  for (const config of configs) expect(kit.build('temperature', config)).toBeDefined();
});

test('the refusals on the page are the actual messages', () => {
  const config: Json = {
    type: 'sequence',
    of: [
      { type: 'linear', from: 20, to: 4 },
      { type: 'linear', from: -3, to: 1 },
    ],
  }; // prettier-ignore
  const build = (one: Json) => kit.build('temperature', one);
  const [misfit, shown] = [...page.matchAll(/```text\n([\s\S]*?)\n```/g)].map(([, text]) => text) as [string, string];
  expect(() => checkTemperature(build(config), { total: 100 }, 'temperature', { config, build })).toThrow(shown);
  tf.tidy(() => {
    const [temperature, logits] = [tf.ones([10]), tf.zeros([2, 10])];
    expect(() => fitTemperature(temperature, logits)).toThrow(misfit);
  });
});

test('the output of describe on the page is the actual output', () => {
  const levels = index.quantise({ of: index.linear({ from: 20, to: 1 }), every: { epochs: 1 } });
  expect(page).toContain(`// '${index.describe(levels, kit.definitions)}'`);
});

test('each curve and operator has a test next to it or to its siblings', () => {
  const without = onDisk
    .filter(({ path }) => !existsSync(new URL(path.replace(/\.ts$/, '.test.ts'), import.meta.url)))
    .map(({ definition }) => definition.type);
  const tests = [
    'operators/operators.test.ts',
    'adaptive/per-sample.test.ts',
    'adaptive/asymmetric.test.ts',
    'adaptive/matched.test.ts',
    'adaptive/token-temperatures.test.ts',
    'adaptive/learned.test.ts',
    'adaptive/metric-driven.test.ts',
    'combine/combine.test.ts',
    'curves/constant.test.ts',
  ];
  const texts = tests.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n');
  const nameOf = (type: string): string =>
    Object.entries(index as Readonly<Record<string, unknown>>).find(([, one]) => (one as { type?: string }).type === type)?.[0] as string;
  for (const type of without) expect(texts, type).toContain(`${nameOf(type)}(`);
});
