import '@tensorflow/tfjs-node';
import * as tf from '@tensorflow/tfjs-core';
import { createKit, createRandom, defineLoss, defineSchedule, progressOf, type AnyDefinition } from '@temper/core';
import { checkLoss, expectNoLeakedTensors } from '@temper/testing';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { gradientSizes } from '../gradient-size.js';
import * as index from '../index.js';

// A schedule that the page's examples name; its own package is no dependency of this one.
const linear = defineSchedule({
  type: 'linear',
  options: z.object({ from: z.number(), to: z.number() }),
  create:
    ({ from, to }) =>
    (at) =>
      from + (to - from) * progressOf(at),
});
const kit = createKit({ plugins: [index.losses, linear] });
const docs = new URL('../../../../docs/', import.meta.url);
const page = readFileSync(new URL('losses.md', docs), 'utf8');

const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
const onDisk = await Promise.all(
  files.map(async (file) => {
    const exported = Object.values((await import(/* @vite-ignore */ new URL(file, import.meta.url).href)) as Record<string, AnyDefinition>);
    const [definition] = exported.filter(({ kind }) => kind === 'loss') as [AnyDefinition];
    expect(`${definition.type}.ts`).toBe(file);
    return definition;
  }),
);
const types = onDisk.map(({ type }) => type).sort();

test('the index exports every definition on disk, and the plug-in provides it', () => {
  expect(Object.values(index)).toEqual(expect.arrayContaining(onDisk));
  expect(
    index.losses.provides
      .filter(({ kind }) => kind === 'loss')
      .map(({ type }) => type)
      .sort(),
  ).toEqual(types);
});

test('the table of the page lists every definition with every option', () => {
  const rows = [...page.matchAll(/^\| `([\w-]+)` \|([^|]*)\|/gm)].map(
    ([, type, options]) => [type as string, [...(options as string).matchAll(/`(\w+)`/g)].map(([, name]) => name)] as const,
  );
  expect(rows.map(([type]) => type).sort()).toEqual(types);
  const refs = { schedule: z.unknown(), temperature: z.unknown(), loss: z.unknown() };
  for (const [type, options] of rows) {
    const definition = onDisk.find((one) => one.type === type) as AnyDefinition;
    expect(options, type).toEqual(Object.keys(definition.options(refs as never).shape));
  }
});

test('the JSON Schema includes every definition', () => {
  const schema = JSON.stringify(kit.jsonSchema());
  for (const type of types) expect(schema).toContain(`"const":"${type}"`);
});

test('every example of the page can be built, and most definitions have one', () => {
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => JSON.parse(text as string) as { type?: unknown });
  expect(new Set(examples.map(({ type }) => type)).size).toBeGreaterThanOrEqual(types.length - 3);
  for (const example of examples) {
    for (const config of typeof example.type === 'string' ? [example] : Object.values(example))
      expect(kit.build('loss', config)).toBeDefined();
  }
});

test('the loss written out on the page keeps the laws', async () => {
  // The other programs of the page run as they stand, outside of the repository.
  const own = page.slice(page.indexOf('## Your own loss'));
  const code = [...own.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text).join('\n');
  const body = code.replaceAll(/^import .*$|^await loadBackend\(\);$/gm, '');
  const { outputText } = ts.transpileModule(body, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  let checked = 0;
  const known = { tf, z, fc, defineLoss, checkLoss, test: (_: string, laws: () => void) => void (laws(), (checked += 1)) };
  await expectNoLeakedTensors(() =>
    tf.tidy(() => {
      const make = new Function(...Object.keys(known), `${outputText}; return hinge;`) as (...given: unknown[]) => typeof index.mse;
      const hinge = make(...Object.values(known));
      const values = hinge({})({ student: tf.tensor2d([[0, 1, 5]]), labels: tf.tensor1d([1], 'int32') } as never);
      expect(Array.from(values.dataSync())).toEqual([Math.fround(5 / 3)]);
    }),
  );
  expect(checked).toBe(1);
});

test('the plot shows the values of the losses', () => {
  interface Plot {
    readonly temperatures: number[];
    readonly initialTemperature: number;
    readonly sizes: Readonly<Record<index.Scale, number[]>>;
  }
  const [, text] = /<desc>(.*)<\/desc>/.exec(readFileSync(new URL('images/gradient-size.svg', docs), 'utf8')) as unknown as [
    string,
    string,
  ];
  const { temperatures, initialTemperature, sizes } = JSON.parse(text) as Plot;
  tf.tidy(() => {
    const [student, teacher] = ['student', 'teacher'].map((side) => {
      const stream = createRandom(1).stream(side);
      return tf.tensor2d(
        Float32Array.from({ length: 256 * 10 }, () => 2 * stream.normal()),
        [256, 10],
      );
    }) as [tf.Tensor, tf.Tensor];
    for (const [scale, drawn] of Object.entries(sizes) as [index.Scale, number[]][]) {
      gradientSizes(index.kl({ scale }), { student, teacher }, temperatures, initialTemperature).forEach((size, i) => {
        expect(Math.abs(size / (drawn[i] as number) - 1)).toBeLessThan(1e-3);
      });
    }
  });
});
