import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyFolder, makeProject, root, run, type Ended } from './testing/outside.js';
import { pages } from '../docs/snippets.js';
import { checkSnippets } from './testing/run-snippets.js';

let outside: Awaited<ReturnType<typeof emptyFolder>>;
beforeAll(async () => {
  outside = await emptyFolder();
});
afterAll(() => outside.remove());

const succeeded = ({ status, stdout, stderr }: Ended): string => {
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
};

describe('npm run new', () => {
  test.each([
    ['no folder', [], /^No folder is named\.\n {2}npm run new -- FOLDER/],
    ['two folders', ['a', 'b'], /^Only one folder can be made, got a, b\./],
    ['an unknown option', ['a', '--yarn'], /^Unknown option '--yarn'/],
    ['two package managers', ['a', '--npm', '--pnpm'], /^--npm and --pnpm exclude each other\./],
    ['a folder that is not empty', ['full'], /full is not empty: it has notes\.txt\. Name a new folder\.\n$/],
    ['a file', ['full/notes.txt'], /notes\.txt is a file\./],
    [
      'a folder of the checkout',
      [join(root, 'packages', 'mine')],
      /is inside of the checkout\. Name a folder outside of it, for instance \.\.\/mine\n$/,
    ],
  ])('new refuses %s with status 2', async (_, args, message) => {
    await mkdir(join(outside.folder, 'full'), { recursive: true });
    await writeFile(join(outside.folder, 'full', 'notes.txt'), '');
    const { status, stdout, stderr } = await makeProject(outside.folder, args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test.each(['npm', 'pnpm'])(
    'new makes a project that starts, passes its tests and predicts, with %s',
    { timeout: 500_000 },
    async (manager) => {
      const name = `With ${manager}`;
      const made = succeeded(await makeProject(outside.folder, ['--', name, `--${manager}`]));
      const folder = join(outside.folder, name);
      expect(made).toContain(`The project is in ${folder}. Next:\n  cd ${folder}\n`);
      const steps = made
        .trim()
        .split('\n')
        .slice(2)
        .map((step) => step.trim().split(' '));
      for (const [program = '', ...args] of steps) {
        const said = succeeded(await run(program, args, folder));
        expect(said).toMatch(args.includes('start') ? /saved in runs\/distil-1/ : /2 passed/);
      }
      const packages = await readdir(join(folder, 'node_modules', '@temper'));
      expect(packages.sort()).toEqual((await readdir(join(root, 'packages'))).sort());
      const imported = `await Promise.all(${JSON.stringify(packages)}.map((name) => import('@temper/' + name)))`;
      succeeded(await run(process.execPath, ['--input-type=module', '--eval', imported], folder));
      const predicted = succeeded(await run('npx', ['temper', 'predict', 'distil-1', '--input', 'samples.jsonl', '--json'], folder));
      const classes = predicted
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { class: string }).class);
      // Digits of another seed, which no run has seen; a student of a few seconds may miss one.
      expect(classes.filter((one, i) => one === '3705'[i]).length).toBeGreaterThanOrEqual(3);
      const readme = await readFile(join(folder, 'README.md'), 'utf8');
      expect(readme).toContain(`# ${name}`);
      for (const [, file = ''] of readme.matchAll(/^\| `([^`]+)` \|/gm)) expect(existsSync(join(folder, file)), file).toBe(true);
    },
  );
});

describe('a project of npm', () => {
  const project = (): string => join(outside.folder, 'With npm');

  test('a project finds no type errors of Temper when library types are checked', { timeout: 120_000 }, async () => {
    const { stdout } = await run('npx', ['tsc', '--skipLibCheck', 'false'], project());
    const files = [...stdout.matchAll(/^(\S+)\(\d+,\d+\): error/gm)].map(([, file = '']) => file);
    expect(files.filter((file) => !/node_modules\/(@tensorflow|@webgpu|typescript)\//.test(file))).toEqual([]);
  });

  test("a project's messages name commands that can be typed", { timeout: 60_000 }, async () => {
    const { stderr } = await run('npx', ['temper', 'run', 'missing.json'], project());
    expect(stderr).toContain('missing.json: there is no such file');
    const doctor = await run('npx', ['temper', 'doctor'], project(), { TEMPER_CACHE: join(outside.folder, 'no-cache') });
    expect(doctor.stdout).toContain('Run the set-up: `npx temper setup`.');
  });

  test('a project runs every snippet of the README, the guides and the packages', { timeout: 400_000 }, async () => {
    const { problems, ran } = await checkSnippets(pages, project());
    expect(problems).toEqual([]);
    for (const page of pages.filter((one) => basename(one) === 'README.md')) expect(ran).toContain(page);
  });
});
