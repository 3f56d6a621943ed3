import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { quick } from '../testing/quick.js';
import { folderWith, temper } from '../testing/temper.js';

describe('config files that cannot be used', () => {
  test.each([
    ['absent.json', {}, 'there is no such file'],
    ['absent.ts', {}, 'there is no such file'],
    ['c.json', { 'c.json': '{ "seed": 1, }' }, 'is not JSON'],
    ['c.json', { 'c.json': '' }, 'is not JSON'],
    ['c.json', { 'c.json': '[1, 2]' }, "must hold an object with the run's options, got a list"],
    ['c.json', { 'c.json': 'null' }, 'got null'],
    ['c.json', { 'c.json': '{"plugins": ["mine"]}' }, 'plugins: not allowed in a JSON config'],
    ['c.ts', { 'c.ts': 'export const config = {};' }, 'has no default export'],
    ['c.ts', { 'c.ts': 'export default 42;' }, 'got a number'],
    ['c.ts', { 'c.ts': 'export default {\n  a: = 1 };' }, 'does not parse: Unexpected token at line 2, column '],
    ['c.ts', { 'c.ts': 'throw new Error("no luck today");' }, 'no luck today'],
    ['c.ts', { 'c.ts': "import './nowhere'; export default {};" }, 'could not be loaded'],
    ['c.ts', { 'c.ts': 'export default { plugins: 3 };' }, 'plugins: must be a list'],
    ['c.ts', { 'c.ts': 'export default { plugins: [3] };' }, 'plugins[0]: must be a plug-in'],
    ['c.mjs', { 'c.mjs': 'await new Promise(() => {}); export default {};' }, 'never finishes loading'],
    ['c.ts', { 'c.ts': 'export default await new Promise(() => {});' }, 'never finishes loading'],
    ['c.mjs', { 'c.mjs': 'export default { get epochs() { throw new Error("no luck today"); } };' }, 'cannot be read: no luck today'],
    ['c.mjs', { 'c.mjs': 'export default { get plugins() { throw null; } };' }, 'cannot be read: null'],
    ['c.yaml', { 'c.yaml': 'seed: 1' }, 'c.yaml'],
  ])('the config %s of the files %j is refused with one message and status 2', async (name, files, message) => {
    // A config that never finishes loading ends its process.
    const command = message === 'never finishes loading' ? temper : quick;
    const { status, stdout, stderr } = await command(['schema', name], await folderWith(files));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^temper: /);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.split('\n').length).toBeLessThan(8);
  });

  test.each([
    ['cowsay-for-configs', {}, 'npm install cowsay-for-configs\n'],
    ['@some-scope/part/inner.js', { 'pnpm-lock.yaml': '' }, 'pnpm add @some-scope/part\n'],
    ['some-package/inner', { 'yarn.lock': '' }, 'yarn add some-package\n'],
    ['./nowhere.js', {}, 'Correct the path of this import'],
  ])('a config that imports %s, which does not exist, is refused with a hint', async (name, files, hint) => {
    const folder = await folderWith({ ...files, 'c.ts': `import '${name}'; export default {};`, 'c.mjs': `import '${name}';` });
    for (const config of ['c.ts', 'c.mjs']) {
      const { status, stderr } = await quick(['schema', config], folder);
      expect({ config, status }).toEqual({ config, status: 2 });
      expect(stderr).toContain(name);
      expect(stderr).toContain(hint);
    }
  });

  test.runIf(process.platform === 'linux')('a pipe is refused as a config, a comparison and a picture', async () => {
    const folder = await folderWith({ 'c.json': { epochs: 1 } });
    for (const name of ['p.json', 'p.ts', 'p.svg']) execFileSync('mkfifo', [join(folder, name)]);
    for (const args of [
      ['schema', 'p.json'],
      ['compare', 'p.json'],
      ['compare', 'p.ts'],
      ['preview', 'c.json', '--svg', 'p.svg'],
    ]) {
      const { status, stderr } = await quick(args, folder);
      expect({ args, status: status !== 0, stderr }).toEqual({ args, status: true, stderr: expect.stringContaining('is a pipe') });
    }
  });

  test('a folder in place of a config is refused', async () => {
    const folder = await folderWith();
    await mkdir(join(folder, 'c.json'));
    const { status, stderr } = await quick(['schema', 'c.json'], folder);
    expect(status).toBe(2);
    expect(stderr).toContain('is a folder, not a file');
  });
});

test('the config of the working folder is the default, TypeScript first', async () => {
  const config = { temperature: { type: 'linear', from: 3, to: 1 } };
  const folder = await folderWith({
    'temper.config.json': config,
    'temper.config.ts': `export default { ...${JSON.stringify(config)}, epochs: 1 };`,
  });
  const { status, stdout } = await quick(['preview', '--steps-per-epoch', '2', '--json'], folder);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ totalSteps: 2 });
});

test('run without a config explains what to write', async () => {
  const { status, stderr } = await quick(['run'], await folderWith());
  expect(status).toBe(2);
  expect(stderr).toContain('temper.config.ts, temper.config.js, temper.config.mjs, temper.config.json');
});

test('the output of a config does not appear in the JSON on stdout', async () => {
  const folder = await folderWith({ 'c.mjs': 'console.log("hello"); export default {};' });
  const { stdout, stderr } = await temper(['list', 'c.mjs', '--json'], folder);
  expect(() => void JSON.parse(stdout)).not.toThrow();
  expect(stderr).toBe('hello\n');
});

test('a config may have a $schema for editors', async () => {
  const folder = await folderWith({ 'c.json': { $schema: './temper.schema.json', epochs: 1 } });
  expect(await quick(['preview', 'c.json', '--steps-per-epoch', '2', '--json'], folder)).toMatchObject({ status: 0, stderr: '' });
});
