import { existsSync } from 'node:fs';
import { mkdir, readdir, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { machine } from '../testing/machine.js';
import { describeWheel, makeTfjsNode } from '../testing/tiny-tensorflow.js';
import { probeBackend } from './probe.js';
import { setUp } from './setup-backend.js';
import type { SetupContext } from './ways.js';
import { key, withOnly, problemsOf, cached } from '../testing/setup-problems.js';

describe('set-up from the wheel', () => {
  test('set-up downloads, checks, unpacks, compiles and links, and the backend works', async () => {
    const { context, python } = await machine();
    const steps: string[] = [];
    const report = await setUp({ ...context, report: (event) => event.type === 'step' && steps.push(event.message) });
    expect(report).toMatchObject({ native: true, source: 'wheel', tensorflow: '2.20.0', problems: [] });
    expect(await probeBackend(context.target)).toEqual({ loads: true, tensorflow: '2.20.0-tiny', product: [19, 22, 43, 50], oneDnn: true });
    expect(await python.calls()).toEqual(['download']);
    expect(steps.map((step) => step.split(' ')[0])).toEqual(['Downloading', 'Checking', 'Compiling', 'Compiling']);
    const folders = await cached(context);
    const plain = `tfjs-node-4.22.0-napi-v8-${key}`;
    expect(folders.sort()).toEqual([expect.stringMatching(new RegExp(`^launcher-[0-9a-f]{12}-${plain}$`)), key, plain]);
    const files = await readdir(join(context.cache, key), { recursive: true, withFileTypes: true });
    expect(
      files
        .filter((file) => file.isFile())
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['c_api.h', 'ctstring.h', 'libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'manifest.json']);
  });

  test('a second set-up does nothing, and a second checkout needs no pip or compiler', async () => {
    const { context, python, root } = await machine();
    await setUp(context);
    const bare = withOnly(context, join(root, 'nothing'));
    expect(await setUp(bare)).toMatchObject({ native: true, source: 'present', tensorflow: '2.20.0' });
    const second = { ...bare, target: await makeTfjsNode(join(root, 'second checkout')) };
    expect(await setUp(second)).toMatchObject({ native: true, source: 'cache', problems: [] });
    expect(await probeBackend(second.target)).toMatchObject({ loads: true });
    expect(await python.calls()).toEqual(['download']);
  });

  test('a truncated library in the cache is made again', async () => {
    const { context, python } = await machine();
    await setUp(context);
    await truncate(join(context.cache, key, 'lib/libtensorflow_cc.so.2'), 100);
    expect(await setUp(context)).toMatchObject({ native: true, source: 'wheel' });
    expect(await python.calls()).toHaveLength(2);
    expect(await probeBackend(context.target)).toMatchObject({ loads: true });
  });

  test('a damaged binding in the cache is compiled again without a download', async () => {
    const { context, python } = await machine();
    await setUp(context);
    await truncate(await readlink(context.target.binding), 100);
    expect(await setUp({ ...context, force: true })).toMatchObject({ native: true, source: 'cache' });
    expect(await probeBackend(context.target)).toMatchObject({ loads: true });
    expect(await python.calls()).toHaveLength(1);
  });

  test('a binding that loads is kept unless a replacement is requested', async () => {
    const { context, root } = await machine();
    await setUp({ ...context, cache: join(root, 'other cache') });
    const before = await readlink(context.target.binding);
    expect(await setUp(context)).toMatchObject({ native: true, source: 'present', tensorflow: '2.20.0-tiny' });
    expect(await readlink(context.target.binding)).toBe(before);
    expect(await setUp({ ...context, force: true })).toMatchObject({ native: true, source: 'wheel' });
    expect(await readlink(context.target.binding)).toContain(context.cache);
  });

  test('a link of an older Temper is replaced, or kept where compiling is impossible', async () => {
    const { context, python, root } = await machine();
    await setUp(context);
    const [launcher] = (await cached(context)).filter((name) => name.startsWith('launcher'));
    const older = join(context.cache, `tfjs-node-4.22.0-napi-v8-${key}`, 'tfjs_binding.node');
    const linkOlder = async (): Promise<void> => {
      await rm(context.target.binding);
      await symlink(older, context.target.binding);
      await rm(join(context.cache, launcher as string), { recursive: true });
    };
    await linkOlder();
    expect(await setUp(withOnly(context, join(root, 'nothing')))).toMatchObject({
      native: true,
      source: 'present',
      tensorflow: '2.20.0-tiny',
      problems: [],
    });
    expect(await readlink(context.target.binding)).toBe(older);
    expect(await setUp(context)).toMatchObject({ native: true, source: 'cache', problems: [] });
    expect(await readlink(context.target.binding)).toContain('/launcher-');
    expect(await python.calls()).toEqual(['download']);
  });

  test('a link whose cache is missing is repaired', async () => {
    const { context } = await machine();
    await mkdir(join(context.target.binding, '..'), { recursive: true });
    await symlink('/nowhere/tfjs_binding.node', context.target.binding);
    expect(await setUp(context)).toMatchObject({ native: true, source: 'wheel' });
  });
});

describe('bad downloads', () => {
  test('a download with an unexpected checksum leaves no files', async () => {
    const { context } = await machine();
    const wheel = { ...context.wheel, sha256: '0'.repeat(64) } as SetupContext['wheel'];
    expect(await problemsOf({ ...context, wheel })).toMatch(/SHA-256 [0-9a-f]{64}, expected 0{64}/);
    expect(await cached(context)).toEqual([]);
    expect(existsSync(context.target.binding)).toBe(false);
  });

  test('a truncated wheel leaves no files', async () => {
    const { context, file } = await machine();
    await truncate(file, 2_000);
    expect(await problemsOf(context)).toContain('is not the expected file');
    expect(await problemsOf({ ...context, wheel: await describeWheel(file) })).toContain('cannot be unpacked');
    expect(await cached(context)).toEqual([]);
  });

  test('a wheel without the library leaves no files', async () => {
    const { context, file } = await machine();
    await writeFile(file, Buffer.from('504b0506000000000000000000000000000000000000', 'hex'));
    expect(await problemsOf({ ...context, wheel: await describeWheel(file) })).toContain('contains no TensorFlow library');
    expect(await cached(context)).toEqual([]);
  });
});
