import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { small } from '../testing/small-run.js';
import { quick } from '../testing/quick.js';
import { folderWith, temper, type Ended } from '../testing/temper.js';

/** One clear message and no more: no stack trace, nothing on stdout. */
function expectMessage({ status, stdout, stderr }: Ended, wanted: { readonly status: number; readonly says: readonly string[] }): void {
  expect(status, stderr).toBe(wanted.status);
  expect(stdout).toBe('');
  expect(stderr.match(/^temper: /gm)).toHaveLength(1);
  for (const text of wanted.says) expect(stderr).toContain(text);
  expect(stderr).not.toMatch(/^\s+at /m);
}

describe('mistakes in a config', () => {
  test.each<[string, string[], string[]]>([
    [
      'an unknown schedule',
      ['--set', 'temperature={"type":"linaer","from":20,"to":1}'],
      ['temperature.type: unknown temperature "linaer"; did you mean "linear"?'],
    ],
    ['a missing option', ['--set', 'temperature={"type":"linear","from":20}'], ['temperature.to: is missing; it must be a number']],
    ['a wrong type', ['--set', 'epochs=three'], ['epochs: must be', 'got "three"']],
    ['an unknown option', ['--set', 'epoch=3'], ['epoch: unknown option "epoch"; did you mean "epochs"?']],
    ['an unknown model', ['--set', 'student.model.type=mlpp'], ['student.model.type: unknown model "mlpp"; did you mean "mlp"?']],
    [
      'a temperature that is not above 0',
      ['--set', 'temperature={"type":"linear","from":20,"to":0}'],
      ['temperature.to: must be a finite number above 0, got 0'],
    ],
    ['a weight for no loss', ['--set', 'weighting={"sotf":1,"hard":1}'], ['unknown loss "sotf"; did you mean "soft"?']],
    [
      'a batch larger than the data',
      ['--set', 'batchSize=201'],
      ['batchSize: must be at most the number of training samples, 200, got 201'],
    ],
    ['a name that is no name', ['--name', '../up'], ['name: must be']],
    ['an unwritable run folder', ['--runs', 'c.json'], ['c.json/distil-1', 'ENOTDIR']],
    ['a run name that exists', ['--name', 'taken'], ['name: the run folder runs/taken already exists', 'for instance "taken-2"']],
    ['no such data', ['--data', 'mnits'], ['--data mnits: there is no such file or folder', 'Known: csv, digits, idx']],
    ['data that are no JSON', ['--data', '{"type"'], ['--data: is not JSON']],
    ['a file that is no data', ['--data', 'c.json'], ['--data c.json: is JSON, not data']],
    ['a device as data', ['--data', '/dev/zero'], ['--data /dev/zero: is a pipe or a device, not a file']],
    [
      'a reporter that writes elsewhere',
      ['--set', 'reporters=[{"type":"jsonl","file":"../../x"}]'],
      ['reporters[0].file: must be a path in the folder of the run, got "../../x"'],
    ],
    ['a change that has no place', ['--set', 'stages[1].epochs=3'], ['stages[1]: the list has 0 entries']],
    ['--force without --resume', ['--force'], ['--force needs --resume']],
    ['resuming what is not there', ['--resume', 'absent'], ['there is no run runs/absent to resume']],
  ])('a config is refused with the place of its mistake: %s', async (_, args, says) => {
    const folder = await folderWith({ 'c.json': small });
    await mkdir(join(folder, 'runs', 'taken'), { recursive: true });
    await writeFile(join(folder, 'runs', 'taken', 'precious.txt'), 'mine');
    expectMessage(await quick(['run', 'c.json', ...args], folder), { status: 2, says });
    expect(await readFile(join(folder, 'runs', 'taken', 'precious.txt'), 'utf8')).toBe('mine');
  });

  test('several mistakes are reported at once', async () => {
    const folder = await folderWith({ 'c.json': { ...small, epochs: 0, temperature: { type: 'linear', from: 'hot', to: 1 } } });
    const ended = await quick(['run', 'c.json', '--json'], folder);
    expect(ended.status).toBe(2);
    expect(ended.stderr).toContain('2 mistakes in the config\n');
    expect(ended.stderr).toMatch(/^ +temperature\.from: must be a number, got "hot"$/m);
    expect(ended.stderr).toMatch(/^ +epochs: must be/m);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'config/invalid' } });
  });
});

describe('data that cannot be used', () => {
  const rows = (labels: readonly (number | string)[]): string =>
    ['a,b,label', ...labels.map((label, i) => `${i % 5},${i % 3},${label}`)].join('\n');
  const classes = Array.from({ length: 60 }, (_, i) => i % 3);
  const csv = (path: string): string => JSON.stringify({ type: 'csv', path, label: 'label', classes: 3 });

  test.each<[string, string, string[]]>([
    ['an empty file', '', ['d.csv: is empty']],
    ['no samples', 'a,b,label\n', ['d.csv: holds no samples']],
    ['NaN', `${rows(classes)}\n1,NaN,0`, ['d.csv: line 62, column "b"', 'must be a finite number']],
    ['a label outside of the classes', rows([...classes, 7]), ['d.csv: line 62', '7']],
    ['a row that is too short', `${rows(classes)}\n1,0`, ['d.csv: line 62']],
  ])('a table is refused: %s', async (_, text, says) => {
    const folder = await folderWith({ 'c.json': small, 'd.csv': text });
    expectMessage(await quick(['run', 'c.json', '--data', csv('d.csv')], folder), { status: 2, says });
  });

  const idx = (magic: number, sizes: readonly number[], bytes: number): Uint8Array => {
    const header = Buffer.alloc(4 + 4 * sizes.length);
    header.writeUInt32BE(magic);
    sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
    return Buffer.concat([header, Buffer.alloc(bytes)]);
  };
  const images = idx(0x803, [50, 4, 4], 800);
  const labels = idx(0x801, [50], 50);
  test.each<[string, Record<string, Uint8Array>, string[]]>([
    ['no files', {}, ['train-images-idx3-ubyte']],
    [
      'a truncated file',
      { 'train-images-idx3-ubyte': images.subarray(0, 700), 'train-labels-idx1-ubyte': labels },
      ['train-images-idx3-ubyte'],
    ],
    [
      'a wrong magic number',
      { 'train-images-idx3-ubyte': idx(0x1234, [50, 4, 4], 800), 'train-labels-idx1-ubyte': labels },
      ['train-images-idx3-ubyte'],
    ],
    ['fewer labels than images', { 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': idx(0x801, [49], 49) }, ['49', '50']],
    [
      'gzip that is broken',
      { 'train-images-idx3-ubyte.gz': Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), 'train-labels-idx1-ubyte': labels },
      ['train-images-idx3-ubyte.gz'],
    ],
  ])('IDX files are refused: %s', async (_, files, says) => {
    const folder = await folderWith({ 'c.json': small });
    await mkdir(join(folder, 'images'));
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, 'images', name), bytes);
    expectMessage(await quick(['run', 'c.json', '--data', 'images'], folder), { status: 2, says });
  });

  test('a teacher with another number of classes is refused', async () => {
    const folder = await folderWith({
      'c.json': small,
      'd.csv': rows(classes),
      'e.json': { ...small, teacher: { from: 'runs/ten/teacher' } },
    });
    expect((await quick(['run', 'c.json', '--name', 'ten'], folder)).status).toBe(0);
    expectMessage(await quick(['run', 'e.json', '--data', csv('d.csv')], folder), { status: 2, says: ['teacher'] });
  });
});

describe('runs that fail', () => {
  test('a loss that is not a number ends a run with status 1 and keeps its files', async () => {
    const folder = await folderWith({ 'c.json': { ...small, optimizer: { type: 'sgd', learningRate: 1e30 } } });
    const ended = await quick(['run', 'c.json', '--name', 'wild'], folder);
    expectMessage(ended, {
      status: 1,
      says: ['the loss became', 'in stage "student" at step', 'temperature.value', 'weighting.soft 0.7', 'learning rate too high'],
    });
    expect(await readFile(join(folder, 'runs', 'wild', 'metrics.jsonl'), 'utf8')).toContain('"teacher"');
  });
});

describe('a machine without the native backend', () => {
  // As if the library had been removed: loading any native addon of tfjs fails.
  const broken =
    `const load = process.dlopen; process.dlopen = (module, file, ...rest) => { if (file.includes('tfjs')) throw new ` +
    `Error('library is gone'); return load(module, file, ...rest); };`;
  const environment = async (): Promise<[string, NodeJS.ProcessEnv]> => {
    const folder = await folderWith({ 'c.json': { ...small, epochs: 1, data: { ...small.data, train: 64 } }, 'broken.cjs': broken });
    return [folder, { NODE_OPTIONS: `--require ${join(folder, 'broken.cjs')}` }];
  };

  test('a run without the native backend warns and trains in JavaScript', async () => {
    const [folder, env] = await environment();
    const { status, stdout, stderr } = await temper(['run', 'c.json', '--json'], folder, env);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ steps: 1, engine: 'eager' });
    expect(stderr).toMatch(/warning: .*native.*slower/i);
    expect(stderr).toMatch(/what `node \S+temper\.mjs doctor` finds/);
  });

  test('a run that requests the native backend is refused', async () => {
    const [folder, env] = await environment();
    expectMessage(await temper(['run', 'c.json'], folder, { ...env, TEMPER_BACKEND: 'native' }), {
      status: 2,
      says: ['the native backend does not load', 'library is gone', 'temper.mjs setup`'],
    });
    expectMessage(await temper(['run', 'c.json'], folder, { TEMPER_BACKEND: 'gpu' }), { status: 2, says: ['TEMPER_BACKEND', '"gpu"'] });
  });

  test.runIf(process.platform === 'linux')('doctor reports the missing backend with a remedy and status 1', async () => {
    // The doctor loads the library in a clean process of its own, so it is the library that has to be broken.
    const folder = await folderWith({ 'libtensorflow_cc.so.2': 'no library' });
    const { status, stdout } = await temper(['doctor'], folder, { LD_LIBRARY_PATH: folder });
    expect(status, stdout).toBe(1);
    expect(stdout).toMatch(/^failed +loading .*libtensorflow_cc\.so\.2/m);
    expect(stdout).toMatch(/^ +→ Run `node \S+temper\.mjs setup --force`/m);
    const asJson = await temper(['doctor', '--json'], folder, { LD_LIBRARY_PATH: folder });
    expect(asJson.status).toBe(1);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ healthy: false, backend: { name: 'cpu', native: false } });
  });
});
