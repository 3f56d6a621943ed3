import { existsSync } from 'node:fs';
import { mkdir, readdir, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { machine } from '../testing/machine.js';
import { describeWheel, makeTfjsNode } from '../testing/tiny-tensorflow.js';
import { libraryKey } from './library.js';
import { probeBackend } from './probe.js';
import { setUp } from './setup-backend.js';
import type { SetupContext } from './ways.js';

const key = libraryKey('2.20.0', 'linux-x64');

/** A machine where only the programs of one folder can be found. */
const withOnly = (context: SetupContext, bin: string): SetupContext => ({ ...context, env: { PATH: bin } });

const problemsOf = async (context: SetupContext): Promise<string> => {
  const report = await setUp(context);
  expect(report.native).toBe(false);
  return report.problems.map(({ message }) => message).join('\n');
};

/** What the cache holds, without the lock. */
const cached = async ({ cache }: SetupContext): Promise<string[]> => (existsSync(cache) ? readdir(cache) : []);

describe('the way over the wheel', () => {
  test('downloads, checks, unpacks what is needed, compiles and links, and the backend computes', async () => {
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

  test('a second time nothing is done, a second checkout needs neither pip nor a compiler', async () => {
    const { context, python, root } = await machine();
    await setUp(context);
    const bare = withOnly(context, join(root, 'nothing'));
    expect(await setUp(bare)).toMatchObject({ native: true, source: 'present', tensorflow: '2.20.0' });
    const second = { ...bare, target: await makeTfjsNode(join(root, 'second checkout')) };
    expect(await setUp(second)).toMatchObject({ native: true, source: 'cache', problems: [] });
    expect(await probeBackend(second.target)).toMatchObject({ loads: true });
    expect(await python.calls()).toEqual(['download']);
  });

  test('a library cut short in the cache is made again', async () => {
    const { context, python } = await machine();
    await setUp(context);
    await truncate(join(context.cache, key, 'lib/libtensorflow_cc.so.2'), 100);
    expect(await setUp(context)).toMatchObject({ native: true, source: 'wheel' });
    expect(await python.calls()).toHaveLength(2);
    expect(await probeBackend(context.target)).toMatchObject({ loads: true });
  });

  test('a damaged binding in the cache is compiled again, without a download', async () => {
    const { context, python } = await machine();
    await setUp(context);
    await truncate(await readlink(context.target.binding), 100);
    expect(await setUp({ ...context, force: true })).toMatchObject({ native: true, source: 'cache' });
    expect(await probeBackend(context.target)).toMatchObject({ loads: true });
    expect(await python.calls()).toHaveLength(1);
  });

  test('a binding that is there already and loads is left alone, unless it is to be replaced', async () => {
    const { context, root } = await machine();
    await setUp({ ...context, cache: join(root, 'other cache') });
    const before = await readlink(context.target.binding);
    expect(await setUp(context)).toMatchObject({ native: true, source: 'present', tensorflow: '2.20.0-tiny' });
    expect(await readlink(context.target.binding)).toBe(before);
    expect(await setUp({ ...context, force: true })).toMatchObject({ native: true, source: 'wheel' });
    expect(await readlink(context.target.binding)).toContain(context.cache);
  });

  test('a link of an older Temper is replaced without a download, and kept where nothing can be compiled', async () => {
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

  test('a link whose cache is gone is mended', async () => {
    const { context } = await machine();
    await mkdir(join(context.target.binding, '..'), { recursive: true });
    await symlink('/nowhere/tfjs_binding.node', context.target.binding);
    expect(await setUp(context)).toMatchObject({ native: true, source: 'wheel' });
  });
});

describe('a bad download leaves nothing behind', () => {
  test('another file than the one expected', async () => {
    const { context } = await machine();
    const wheel = { ...context.wheel, sha256: '0'.repeat(64) } as SetupContext['wheel'];
    expect(await problemsOf({ ...context, wheel })).toMatch(/SHA-256 [0-9a-f]{64}, expected 0{64}/);
    expect(await cached(context)).toEqual([]);
    expect(existsSync(context.target.binding)).toBe(false);
  });

  test('a wheel cut short', async () => {
    const { context, file } = await machine();
    await truncate(file, 2_000);
    expect(await problemsOf(context)).toContain('is not the file it should be');
    expect(await problemsOf({ ...context, wheel: await describeWheel(file) })).toContain('cannot be unpacked');
    expect(await cached(context)).toEqual([]);
  });

  test('a wheel without the library', async () => {
    const { context, file } = await machine();
    await writeFile(file, Buffer.from('504b0506000000000000000000000000000000000000', 'hex'));
    expect(await problemsOf({ ...context, wheel: await describeWheel(file) })).toContain('holds no TensorFlow library');
    expect(await cached(context)).toEqual([]);
  });
});

describe('what a machine may lack is named, with what to do', () => {
  test('Python, or its pip', async () => {
    const { context, root } = await machine();
    await makeCompilerOnly(join(root, 'compiler'));
    expect(await problemsOf(withOnly(context, join(root, 'compiler')))).toMatch(/Python is not installed.*\n.*apt install python3-pip/);
    await writeFile(
      join(root, 'compiler/python3'),
      '#!/bin/sh\n[ "$2" = --version ] && echo Python 3 && exit 0\necho No module named pip >&2; exit 1\n',
      { mode: 0o755 },
    );
    expect(await problemsOf(withOnly(context, join(root, 'compiler')))).toContain('python3 has no pip');
  });

  test('a C++ compiler, before anything is downloaded', async () => {
    const { context, python } = await machine();
    expect(await problemsOf(withOnly(context, python.bin))).toMatch(/no C\+\+ compiler is installed.*\n.*apt install g\+\+/);
    expect(await problemsOf({ ...context, env: { ...context.env, CXX: 'no-such-compiler' } })).toContain(
      'CXX names does not run: no-such-compiler',
    );
    expect(await python.calls()).toEqual([]);
  });

  test('a compiler that can compile it', async () => {
    const { context, root } = await machine();
    const old = join(root, 'old-compiler');
    await writeFile(old, '#!/bin/sh\n[ "$1" = --version ] && echo old && exit 0\necho "unrecognized option -std=c++17" >&2; exit 1\n', {
      mode: 0o755,
    });
    expect(await problemsOf({ ...context, env: { ...context.env, CXX: old } })).toMatch(
      /compiling .* failed:\n {2}unrecognized option -std=c\+\+17/,
    );
    expect(await cached(context)).toEqual([key]);
  });

  test('a network', async () => {
    const { context } = await machine({ download: () => 'echo "NewConnectionError: Failed to establish a new connection" >&2; exit 1' });
    expect(await problemsOf(context)).toMatch(/the package index cannot be reached\n.*pip config list/);
    const { context: other } = await machine({ download: () => 'echo "ERROR: No matching distribution found" >&2; exit 1' });
    expect(await problemsOf(other)).toContain('No matching distribution found');
  });

  test('room on the disk, seen before and during the download', async () => {
    const { context, python } = await machine({ download: () => 'echo "OSError: [Errno 28] No space left on device" >&2; exit 1' });
    const wheel = { ...context.wheel, unpackedBytes: 1e17 } as SetupContext['wheel'];
    expect(await problemsOf({ ...context, wheel })).toMatch(/has \d+ MB free, and the set-up needs \d+ MB\n.*TEMPER_CACHE/);
    expect(await python.calls()).toEqual([]);
    expect(await problemsOf(context)).toContain('the disk is full');
  });

  test('a cache that may be written', async () => {
    const { context, root } = await machine();
    await writeFile(join(root, 'file'), '');
    expect(await problemsOf({ ...context, cache: join(root, 'file/cache') })).toMatch(/cannot make the cache folder .*\n.*TEMPER_CACHE/);
  });

  test('a package folder that may be written, before anything is downloaded', async () => {
    const { context, python } = await machine();
    await writeFile(join(context.target.folder, 'lib'), '');
    expect(await problemsOf(context)).toContain('cannot link the native binding into');
    expect(await python.calls()).toEqual([]);
  });

  test('a platform that TensorFlow has builds for', async () => {
    const { context } = await machine();
    expect(await problemsOf({ ...context, platform: 'sunos-x64', wheel: undefined })).toContain(
      'there is no build of TensorFlow for sunos-x64 that set-up can verify',
    );
    expect(await problemsOf({ ...context, platform: 'linux-x64-musl', wheel: undefined })).toContain('Linux with glibc');
  });

  test('a processor that runs it; the binding that was there stays', async () => {
    const { context, root } = await machine({ library: '\n__attribute__((constructor)) static void crash(void) { __builtin_trap(); }' });
    const good = await machine();
    await setUp({ ...good.context, target: context.target, cache: join(root, 'good') });
    const before = await readlink(context.target.binding);
    expect(await problemsOf({ ...context, force: true })).toMatch(/does not work: .*(illegal instruction|SIGTRAP)/);
    expect(await readlink(context.target.binding)).toBe(before);
    expect(await cached(context)).toEqual([key]);
  });
});

/** A folder with links to the real compiler and linker, and nothing else. */
async function makeCompilerOnly(bin: string): Promise<void> {
  await mkdir(bin);
  for (const name of ['g++', 'as', 'ld']) await symlink(join('/usr/bin', name), join(bin, name));
}
