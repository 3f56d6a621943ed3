import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arrayDataSet, createKit, type DataSplits, type RandomStream } from '@temper/core';
import { losses } from '@temper/losses';
import { models as architectures } from '@temper/models';
import { loadBackend, loadStudent, networkLoader, node } from '@temper/node';
import { schedules } from '@temper/schedules';
import { changedBytes } from '../change-bytes.js';
import { changedValue } from '../change-value.js';
import { jsonText, oneOf } from '../odd-values.js';
import { scratch } from '../scratch.js';
import type { Target } from '../target.js';

/** The files of a folder by their names. */
type Files = ReadonlyMap<string, Buffer>;

const converted = fileURLToPath(new URL('../../../../../node/src/testing/keras3/', import.meta.url));

/** Saved networks: their JSON, their weights and their `student.json`, loaded as a teacher and as a student that predicts. */
export const models: Target = {
  name: 'models',
  what: 'model files',
  quotes: true,
  async start() {
    await loadBackend('cpu');
    const { folder, close } = await scratch();
    const seeds = [...(await students(join(folder, 'runs'))), ...(await fromKeras()), graphModel()];
    const texts = seeds.flatMap((files) => jsonOf(files).map(([, value]) => value));
    const place = join(folder, 'model');
    const loader = networkLoader({ runs: join(folder, 'none') });
    return {
      close,
      async attempt(random) {
        const files = changed(oneOf(seeds, random), texts, random);
        await rm(place, { recursive: true, force: true });
        await mkdir(place);
        for (const [name, content] of files) await writeFile(join(place, name), content);
        const isStudent = files.has('student.json') && random.integer(2) === 0;
        return {
          given: Object.fromEntries(
            [...files].map(([name, content]) => [name, content.toString(name.endsWith('.json') ? 'utf8' : 'base64')]),
          ),
          run: () => (isStudent ? predictWith(place) : loadWith(loader, place)),
        };
      },
    };
  },
};

async function predictWith(place: string): Promise<void> {
  const student = await loadStudent(place);
  try {
    const width = student.description.inputs.shape.reduce((a, b) => a * b, 1);
    await student.predict([Array.from({ length: Math.min(width, 1000) }, (_, i) => i % 3)]);
  } finally {
    student.dispose();
  }
}

async function loadWith(loader: ReturnType<typeof networkLoader>, place: string): Promise<void> {
  const model = (await loader.load(place)) as { dispose(): unknown };
  model.dispose();
  await loader.preparationOf?.(place);
}

function changed(seed: Files, texts: readonly unknown[], random: RandomStream): Files {
  const files = new Map(seed);
  const json = jsonOf(seed);
  const names = [...seed.keys()];
  const what = random.integer(10);
  if (what < 6) {
    const [name, value] = oneOf(json, random);
    files.set(name, Buffer.from(jsonText(changedValue(value, random, { donors: texts }))));
  } else if (what < 9) {
    const name = oneOf(names, random);
    files.set(name, Buffer.from(changedBytes(seed.get(name) as Buffer, random, [...seed.values()])));
  } else files.delete(oneOf(names, random));
  return files;
}

const jsonOf = (files: Files): (readonly [string, unknown])[] =>
  [...files].flatMap(([name, content]) => (name.endsWith('.json') ? [[name, JSON.parse(content.toString()) as unknown] as const] : []));

async function read(folder: string, without: readonly string[] = []): Promise<Files> {
  const names = (await readdir(folder)).filter((name) => !without.includes(name));
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}

/** Returns students as runs save them, of each architecture. Without their sums, which would detect every change. */
async function students(runs: string): Promise<Files[]> {
  const kit = createKit({ plugins: [losses, schedules, architectures, node({ runs, engine: 'eager' })] });
  const found: Files[] = [];
  const all = [
    [{ type: 'mlp', hidden: [3] }, [4]],
    [{ type: 'cnn', channels: [2], dense: [3] }, [4, 4, 1]],
    [{ type: 'resnet', widths: [2], blocks: 1 }, [4, 4, 1]],
    [{ type: 'transformer', vocabulary: 5, layers: 1, width: 4, heads: 2 }, [4]],
  ] as const;
  for (const [model, shape] of all) {
    const run = { name: model.type, student: { model }, losses: { hard: { type: 'cross-entropy' } }, batchSize: 6, epochs: 1 };
    const { student } = await kit.run(run as never, { data: dataOf(shape, model.type === 'transformer') });
    student.dispose();
    found.push(await read(join(runs, model.type, 'student'), ['SHA256SUMS']));
  }
  return found;
}

function dataOf(inputShape: readonly number[], areTokens: boolean): DataSplits {
  const width = inputShape.reduce((a, b) => a * b, 1);
  const values = Array.from({ length: 6 * width }, (_, i) => i % 5);
  const labelShape = areTokens ? inputShape : [];
  const part = arrayDataSet({
    inputs: areTokens ? Int32Array.from(values) : Float32Array.from(values),
    labels: Int32Array.from({ length: areTokens ? 6 * width : 6 }, (_, i) => i % 3),
    inputShape,
    labelShape,
    classes: 3,
    preparation: areTokens ? { type: 'vocabulary', characters: ['a', 'b', 'c', 'd', 'e'] } : { type: 'scale', factor: 0.5 },
  });
  return { train: part, validation: part, test: part };
}

/** Returns models that were converted from Keras 3. */
const fromKeras = (): Promise<Files[]> =>
  Promise.all(['functional', 'nested', 'recurrent', 'sequential-keras'].map((name) => read(join(converted, name), ['expected.json'])));

/** Returns a TensorFlow graph: x·kernel and a softmax. */
function graphModel(): Files {
  const float = { dtype: { type: 'DT_FLOAT' } };
  const typed = { T: { type: 'DT_FLOAT' } };
  const dim = [{ size: '-1' }, { size: '3' }];
  const node = [
    { name: 'x', op: 'Placeholder', attr: { ...float, shape: { shape: { dim } } } },
    { name: 'kernel', op: 'Const', attr: float },
    { name: 'logits', op: 'MatMul', input: ['x', 'kernel'], attr: typed },
    { name: 'shares', op: 'Softmax', input: ['logits'], attr: typed },
  ];
  const tensor = (name: string) => ({ name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: { dim } });
  const json = {
    format: 'graph-model',
    modelTopology: { node, versions: { producer: 1 }, library: {} },
    signature: { inputs: { x: tensor('x') }, outputs: { shares: tensor('shares') } },
    weightsManifest: [{ paths: ['weights.bin'], weights: [{ name: 'kernel', shape: [3, 3], dtype: 'float32' }] }],
  };
  return new Map([
    ['model.json', Buffer.from(JSON.stringify(json))],
    ['weights.bin', Buffer.alloc(36, 1)],
  ]);
}
