import '@tensorflow/tfjs-node';
import { createKit, type AnyDefinition, type NetworkShape } from '@temper/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as index from './index.js';

const kit = createKit({ plugins: [index.models] });
const page = readFileSync(new URL('../../../docs/models.md', import.meta.url), 'utf8');

const modules = await Promise.all(
  readdirSync(new URL('.', import.meta.url))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'index.ts')
    .map(
      async (file) =>
        [file, (await import(/* @vite-ignore */ new URL(file, import.meta.url).href)) as Record<string, Partial<AnyDefinition>>] as const,
    ),
);
const onDisk = modules.flatMap(([file, exported]) =>
  Object.values(exported)
    .filter(({ kind }) => kind === 'model')
    .map((definition) => {
      expect(`${definition.type}.ts`).toBe(file);
      return definition as AnyDefinition;
    }),
);
const types = onDisk.map(({ type }) => type).sort();

test('the index exports every definition on disk, and the plug-in provides it', () => {
  expect(types.length).toBeGreaterThan(3);
  expect(Object.values(index)).toEqual(expect.arrayContaining(onDisk));
  expect(
    kit.definitions
      .filter(({ kind }) => kind === 'model')
      .map(({ type }) => type)
      .sort(),
  ).toEqual(types);
});

test('the table of the page lists every definition with its options and defaults', () => {
  const rows = [...page.matchAll(/^\| `([\w-]+)` \|([^|]*)\|/gm)];
  expect(rows.map(([, type]) => type).sort()).toEqual(types);
  for (const [, type, options] of rows) {
    const definition = onDisk.find((one) => one.type === type) as AnyDefinition;
    const listed = [...(options as string).matchAll(/`(\w+)` \(([^)]*)\)/g)].map(([, name, value]) => [name, value]);
    expect(listed.map(([name]) => name)).toEqual(Object.keys(definition.options({} as never).shape));
    const defaults = definition.options({} as never).parse({});
    for (const [name, value] of listed.filter(([name]) => (name as string) in defaults)) {
      expect(value, `${type}.${name}`).toBe(
        JSON.stringify(defaults[name as string])
          .replaceAll('"', '')
          .replaceAll(',', ', '),
      );
    }
  }
});

test('every example of the page can be built and has the layers named there', () => {
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)]
    .map(([, text]) => JSON.parse(text as string) as { type?: string })
    .filter(({ type }) => type !== undefined);
  expect(examples.length).toBeGreaterThan(2);
  const shape = (type: string | undefined): NetworkShape => ({
    inputShape: type === 'transformer' ? [8] : [28, 28],
    classes: 10,
    seed: 1,
    name: 'student',
  });
  const tap = { mlp: 'hidden_1', cnn: 'pool_1', resnet: 'stage_1_block_1', transformer: 'block_1' };
  for (const example of [...examples, { type: 'mlp' }]) {
    const model = kit.build('model', example)(shape(example.type)) as LayersModel;
    for (const layer of [tap[example.type as keyof typeof tap], 'logits']) expect(model.getLayer(layer)).toBeDefined();
    model.dispose();
  }
});

test('the JSON Schema includes every definition', () => {
  const schema = JSON.stringify(kit.jsonSchema());
  for (const type of types) expect(schema).toContain(`"const":"${type}"`);
});
