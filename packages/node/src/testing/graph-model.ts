import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const float = { dtype: { type: 'DT_FLOAT' } };
const shape = (sizes: readonly number[]) => ({ shape: { shape: { dim: sizes.map((size) => ({ size: String(size) })) } } });
const constant = (name: string) => ({ name, op: 'Const', attr: float });
const typed = { T: { type: 'DT_FLOAT' } };

/** Kernel and bias of the graph model below: three inputs, two classes. */
export const graphWeights = { kernel: [1, 2, 3, 4, 5, 6], bias: [0.5, -0.5] } as const;

/** Writes x·kernel + bias as a tfjs GraphModel in two weight files; `ending` lists further operations after it. */
export async function writeGraphModel(folder: string, { ending = [] as readonly string[], outputRank = 2 } = {}): Promise<string> {
  const names = ['logits', ...ending.map((op, i) => `${op}_${i}`)];
  const output = names.at(-1) as string;
  const node = [
    { name: 'x', op: 'Placeholder', attr: { ...float, ...shape([-1, 3]) } },
    constant('kernel'),
    constant('bias'),
    { name: 'product', op: 'MatMul', input: ['x', 'kernel'], attr: typed },
    { name: 'logits', op: 'BiasAdd', input: ['product', 'bias'], attr: typed },
    ...ending.map((op, i) => ({ name: names[i + 1], op, input: [names[i]], attr: typed })),
  ];
  const tensor = (name: string, sizes: readonly number[]) => ({
    name: `${name}:0`,
    dtype: 'DT_FLOAT',
    tensorShape: { dim: sizes.map((size) => ({ size: String(size) })) },
  });
  const outputs = { [output]: tensor(output, [-1, 2].slice(2 - outputRank)) };
  const json = {
    format: 'graph-model',
    modelTopology: { node, versions: { producer: 1, minConsumer: 1 }, library: {} },
    signature: { inputs: { x: tensor('x', [-1, 3]) }, outputs },
    weightsManifest: [
      {
        paths: ['group1-shard1of2.bin', 'group1-shard2of2.bin'],
        weights: [
          { name: 'kernel', shape: [3, 2], dtype: 'float32' },
          { name: 'bias', shape: [2], dtype: 'float32' },
        ],
      },
    ],
  };
  const bytes = Buffer.from(Float32Array.from([...graphWeights.kernel, ...graphWeights.bias]).buffer);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.json'), JSON.stringify(json));
  // Split in the middle of a number, as converters do.
  await writeFile(join(folder, 'group1-shard1of2.bin'), bytes.subarray(0, 18));
  await writeFile(join(folder, 'group1-shard2of2.bin'), bytes.subarray(18));
  return join(folder, 'model.json');
}
