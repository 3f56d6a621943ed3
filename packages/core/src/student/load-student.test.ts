import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-node';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, onTestFinished, test } from 'vitest';
import { foldPreparation } from './fold.js';
import { loadStudent } from './load-student.js';
import type { StudentDescription } from './student-file.js';

const preparation = { type: 'scale', factor: 0.5 } as const;
const description: StudentDescription = {
  format: 'temper-student',
  version: 1,
  name: 'student',
  network: 'layers',
  outputs: 'logits',
  classes: ['cat', 'dog'],
  labelShape: [],
  inputs: { shape: [3], dtype: 'float32', names: ['a', 'b', 'c'] },
  preparation,
  preparedIn: 'network',
  preparationLayers: ['prepare_scale'],
};

/** Serves files by their paths. */
async function serve(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    response.writeHead(file === undefined ? 404 : 200);
    response.end(file);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The files of a student whose logits are the sums that its kernel says. */
async function studentFiles(changes: object = {}): Promise<Record<string, string | Uint8Array>> {
  const network = sequential({ layers: [layers.dense({ units: 2, inputShape: [3], useBias: false })] });
  network.setWeights([
    tf.tensor2d([
      [2, 0],
      [0, 2],
      [0, 0],
    ]),
  ]);
  let taken: tf.io.ModelArtifacts | undefined;
  await network.save(
    tf.io.withSaveHandler(
      async (artifacts) => ((taken = artifacts), { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) }),
    ),
  );
  const { artifacts } = foldPreparation(taken as tf.io.ModelArtifacts, preparation, [3]);
  const { weightData, weightSpecs = [], ...json } = artifacts;
  const manifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
  return {
    '/models/pets/model.json': JSON.stringify({ ...json, weightsManifest: manifest }),
    '/models/pets/weights.bin': new Uint8Array(Buffer.concat([weightData as ArrayBuffer[]].flat().map((part) => Buffer.from(part)))),
    '/models/pets/student.json': JSON.stringify({ ...description, ...changes }),
  };
}

test.each(['/models/pets', '/models/pets/', '/models/pets/student.json', '/models/pets/model.json'])(
  'a student is loaded from %s and names classes',
  async (path) => {
    const student = await loadStudent(`${await serve(await studentFiles())}${path}`);
    const [one, two] = await student.predict([{ c: 9, a: 3, b: 1 }, [0, 2, 0]]);
    expect([one?.class, two?.class]).toEqual(['cat', 'dog']);
    expect(one?.probability).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
    student.dispose();
  },
);

test.each(['/models/pets', '/models/pets/model.json'])('each file of %s is requested with the query of the address', async (path) => {
  const files = Object.entries(await studentFiles()).map(([name, content]) => [`${name}?token=a/b`, content] as const);
  const student = await loadStudent(`${await serve(Object.fromEntries(files))}${path}?token=a/b#top`);
  expect(student.description.classes).toEqual(['cat', 'dog']);
  student.dispose();
});

test('a path on disk is refused with the function that reads files', async () => {
  await expect(loadStudent(new URL('file:///tmp/student'))).rejects.toThrow('Files are read by loadStudent of @temper/node.');
});

test.each<[string, string[], object, string]>([
  [
    'a missing folder',
    ['student.json'],
    {},
    'student.json cannot be fetched: the server answers 404 Not Found\n  Serve the complete folder',
  ],
  ['a missing network', ['model.json'], {}, 'model.json cannot be fetched'],
  ['missing weights', ['weights.bin'], {}, 'weights.bin cannot be fetched'],
  ['a student that is a function', [], { network: 'function' }, 'student was trained as a function, whose variables are saved'],
])('loadStudent reports %s', async (_, missing, changes, message) => {
  const files = Object.entries(await studentFiles(changes)).filter(([path]) => !missing.some((name) => path.endsWith(name)));
  await expect(loadStudent(`${await serve(Object.fromEntries(files))}/models/pets`)).rejects.toThrow(message);
});

test('loadStudent reports a server that cannot be reached', async () => {
  await expect(loadStudent('http://127.0.0.1:9/x')).rejects.toMatchObject({ code: 'data/not-found' });
});
