import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { shellCommand } from './shell-command.js';

/** A folder with these files; a text that begins with `→` is a link. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'temper-shell-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    if (text.startsWith('→')) symlinkSync(text.slice(1), join(folder, name));
    else writeFileSync(join(folder, name), text);
  }
  return folder;
}

const program = { 'node_modules/@temper/cli/bin/temper.mjs': '#!/usr/bin/env node' };
const byNpm = { ...program, 'node_modules/.bin/temper': '→../@temper/cli/bin/temper.mjs' };
const byPnpm = { ...program, 'node_modules/.bin/temper': '#!/bin/sh\nexec node "$basedir/../@temper/cli/bin/temper.mjs" "$@"' };
const onWindows = { ...program, 'node_modules/.bin/temper.cmd': '@node "%~dp0\\..\\@temper\\cli\\bin\\temper.mjs" %*' };

test.each([
  ['npm', byNpm],
  ['pnpm', byPnpm],
  ['npm on Windows', onWindows],
])('shellCommand is npx where %s installed the command, and in its subfolders', (_, files) => {
  const root = folderWith({ ...files, 'src/deep/a.ts': '' });
  for (const folder of [root, join(root, 'src', 'deep')])
    expect(shellCommand('setup', { folder, path: [], script: undefined })).toBe('npx temper setup');
});

test("shellCommand is temper where the command is on the user's PATH", () => {
  const root = folderWith({
    'lib/node_modules/@temper/cli/bin/temper.mjs': '',
    'bin/temper': '→../lib/node_modules/@temper/cli/bin/temper.mjs',
  });
  expect(shellCommand('doctor', { folder: root, path: ['', join(root, 'bin')], script: join(root, 'bin', 'temper') })).toBe(
    'temper doctor',
  );
});

test('shellCommand is the path of the program where neither finds it', () => {
  const root = folderWith({ 'a folder/bin/temper.mjs': '', 'runs/x': '' });
  const shell = { path: [], script: join(root, 'a folder', 'bin', 'temper.mjs') };
  expect(shellCommand('doctor', { ...shell, folder: root })).toBe("node 'a folder/bin/temper.mjs' doctor");
  expect(shellCommand('doctor', { ...shell, folder: join(root, 'runs') })).toBe("node '../a folder/bin/temper.mjs' doctor");
});

test("shellCommand is the package manager's link when started from another folder", () => {
  const root = folderWith(byNpm);
  const folder = folderWith({});
  const script = join(root, 'node_modules/.bin/temper');
  expect(shellCommand('list', { folder, path: [], script })).toMatch(/^node \S+node_modules\/\.bin\/temper list$/);
});

test('shellCommand ignores commands of the same name from other packages and npx', () => {
  const other = { 'node_modules/temper/cli.js': '', 'node_modules/.bin/temper': '→../temper/cli.js' };
  const root = folderWith({
    ...other,
    'cache/_npx/1/node_modules/.bin/temper': '→../@temper/cli/bin/temper.mjs',
    'cache/_npx/1/node_modules/@temper/cli/bin/temper.mjs': '',
  });
  const script = join(root, 'cache/_npx/1/node_modules/.bin/temper');
  expect(
    shellCommand('doctor', {
      folder: root,
      path: [dirname(script)],
      script: join(root, 'cache/_npx/1/node_modules/@temper/cli/bin/temper.mjs'),
    }),
  ).toBe('node cache/_npx/1/node_modules/@temper/cli/bin/temper.mjs doctor');
});

test('shellCommand is a line of JavaScript in a program without the command', () => {
  const shell = { folder: folderWith({ 'main.mjs': '' }), path: [], script: '/some/main.mjs' };
  expect(shellCommand('setup --force', shell)).toBe(
    `node -e "import('@temper/node').then((temper) => temper.setupBackend({ force: true }))"`,
  );
  expect(shellCommand('doctor', shell)).toContain('temper.diagnose()');
});
