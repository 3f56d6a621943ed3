import { mkdir, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { machine } from '../testing/machine.js';
import { setUp } from './setup-backend.js';
import type { SetupContext } from './ways.js';
import { key, withOnly, problemsOf, cached } from '../testing/setup-problems.js';

describe('parts that a machine may lack', () => {
  test('set-up without Python or its pip names the missing one with a remedy', async () => {
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

  test('set-up without a C++ compiler fails before a download', async () => {
    const { context, python } = await machine();
    expect(await problemsOf(withOnly(context, python.bin))).toMatch(/no C\+\+ compiler is installed.*\n.*apt install g\+\+/);
    expect(await problemsOf({ ...context, env: { ...context.env, CXX: 'no-such-compiler' } })).toContain(
      'CXX names does not run: no-such-compiler',
    );
    expect(await python.calls()).toEqual([]);
  });

  test('set-up names a compiler that cannot compile the binding', async () => {
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

  test('set-up names a network that is missing', async () => {
    const { context } = await machine({ download: () => 'echo "NewConnectionError: Failed to establish a new connection" >&2; exit 1' });
    expect(await problemsOf(context)).toMatch(/the package index cannot be reached\n.*pip config list/);
    const { context: other } = await machine({ download: () => 'echo "ERROR: No matching distribution found" >&2; exit 1' });
    expect(await problemsOf(other)).toContain('No matching distribution found');
  });

  test('set-up names a full disk before and during the download', async () => {
    const { context, python } = await machine({ download: () => 'echo "OSError: [Errno 28] No space left on device" >&2; exit 1' });
    const wheel = { ...context.wheel, unpackedBytes: 1e17 } as SetupContext['wheel'];
    expect(await problemsOf({ ...context, wheel })).toMatch(/has \d+ MB free, and the set-up needs \d+ MB\n.*TEMPER_CACHE/);
    expect(await python.calls()).toEqual([]);
    expect(await problemsOf(context)).toContain('the disk is full');
  });

  test('set-up names a cache folder without write access', async () => {
    const { context, root } = await machine();
    await writeFile(join(root, 'file'), '');
    expect(await problemsOf({ ...context, cache: join(root, 'file/cache') })).toMatch(/cannot make the cache folder .*\n.*TEMPER_CACHE/);
  });

  test('set-up names a package folder without write access before a download', async () => {
    const { context, python } = await machine();
    await writeFile(join(context.target.folder, 'lib'), '');
    expect(await problemsOf(context)).toContain('cannot link the native binding into');
    expect(await python.calls()).toEqual([]);
  });

  test('set-up names a platform without a build of TensorFlow', async () => {
    const { context } = await machine();
    expect(await problemsOf({ ...context, platform: 'sunos-x64', wheel: undefined })).toContain(
      'there is no build of TensorFlow for sunos-x64 that set-up can verify',
    );
    expect(await problemsOf({ ...context, platform: 'linux-x64-musl', wheel: undefined })).toContain('Linux with glibc');
  });

  test('set-up keeps the old binding on a processor that cannot run the new one', async () => {
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
