// `npm run new -- FOLDER [--npm|--pnpm] [--no-install]`: makes a project outside of the checkout that uses these packages.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { pack } from './pack.mjs';
import { prepareSources } from './prepare.mjs';
import { Stop, catalog, isMain, pnpmCommand, pnpmSettings, root, runTool } from './tools.mjs';

const usage = 'npm run new -- FOLDER [--npm | --pnpm] [--no-install]';
const template = join(root, 'templates', 'project');

/** What was asked for: the folder, its package manager, and whether to install. */
function readArguments(args) {
  const options = { npm: { type: 'boolean' }, pnpm: { type: 'boolean' }, 'no-install': { type: 'boolean' } };
  let given;
  try {
    given = parseArgs({ args: args.filter((word) => word !== '--'), options, allowPositionals: true });
  } catch (error) {
    throw new Stop(`${error.message.split('\n')[0]}\n  ${usage}`);
  }
  const { values, positionals } = given;
  if (positionals.length !== 1)
    throw new Stop(
      `${positionals.length === 0 ? 'No folder is named' : `Only one folder can be made, got ${positionals.join(', ')}`}.\n  ${usage}`,
    );
  if (values.npm && values.pnpm) throw new Stop(`--npm and --pnpm exclude each other.\n  ${usage}`);
  // npm runs scripts in the checkout's root; the user's own folder is in INIT_CWD.
  return {
    folder: resolve(process.env.INIT_CWD ?? '', positionals[0]),
    manager: values.pnpm ? 'pnpm' : 'npm',
    install: !values['no-install'],
  };
}

/** Refuses a folder that holds anything but a new repository, and one inside of the checkout. */
function checkFolder(folder) {
  const inside = relative(root, folder);
  if (inside === '' || (inside.split(sep)[0] !== '..' && !inside.startsWith(sep) && !/^[A-Za-z]:/.test(inside))) {
    throw new Stop(`${folder} is inside of the checkout. Name a folder outside of it, for instance ../${basename(folder)}`);
  }
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new Stop(`${folder} is a file. Name a new folder.`);
  const found = readdirSync(folder).filter((name) => name !== '.git');
  if (found.length > 0)
    throw new Stop(`${folder} is not empty: it has ${found.slice(0, 3).join(', ')}${found.length > 3 ? ', …' : ''}. Name a new folder.`);
}

/** Files of the project besides those of the template, by name. */
function manifests(folder, manager, packages) {
  const versions = catalog();
  const place = ({ file }) => `file:vendor/${file}`;
  const all = Object.fromEntries(packages.map((one) => [one.name, place(one)]));
  const places = (...names) => Object.fromEntries(names.map((name) => [name, all[name]]));
  // All of them, since pnpm lets a program import only what its package.json names.
  const used = packages.map((one) => one.name).filter((name) => name !== '@temper/testing');
  const manifest = {
    name: nameOf(folder),
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: { start: 'temper run --setup', test: 'tsc && vitest run', temper: 'temper' },
    dependencies: { ...places(...used), zod: versions.zod },
    devDependencies: {
      ...places('@temper/testing'),
      '@types/node': versions['@types/node'],
      typescript: versions.typescript,
      vitest: versions.vitest,
    },
  };
  // Packages of Temper that others depend on come from the same place.
  if (manager === 'npm') {
    const direct = { ...manifest.dependencies, ...manifest.devDependencies };
    const overrides = Object.fromEntries(packages.map((one) => [one.name, one.name in direct ? `$${one.name}` : place(one)]));
    return { 'package.json': json({ ...manifest, overrides }), '.npmrc': npmrc };
  }
  return { 'package.json': json(manifest), 'pnpm-workspace.yaml': workspace(all) };
}

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

const npmrc = `# The installer of @tensorflow/tfjs-node waits for a server that many networks cannot reach; \`temper setup\` does its work.
# \`npm start\`, \`npm test\` and \`npm run NAME\` are not affected; scripts called pre… and post… are.
ignore-scripts=true
`;

const workspace = (places) => `packages:
  - .

${pnpmSettings(places)}`;

/** A name that package managers accept. */
const nameOf = (folder) =>
  basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '') || 'project';

/** What to type in the project. A pnpm that is not on the PATH installs through npx; the scripts then run with npm. */
function commandsOf(manager) {
  const [program, ...rest] = manager === 'pnpm' ? pnpmCommand() : ['npm'];
  const runner = rest.length > 0 ? 'npm' : program;
  return { install: [program, ...rest, 'install'], start: `${runner} start`, test: `${runner} test` };
}

/** Makes the project in a folder of its own first, so that a failure leaves nothing that looks like one. */
function make({ folder, manager }, { install, start, test }) {
  const place = mkdtempSync(join(tmpdir(), 'temper-new-'));
  try {
    const packages = pack(join(place, 'vendor'));
    cpSync(template, place, { recursive: true });
    // npm leaves files of this name out of packages, hence the other name in the template.
    renameSync(join(place, 'gitignore'), join(place, '.gitignore'));
    for (const [name, text] of Object.entries(manifests(folder, manager, packages))) writeFileSync(join(place, name), text);
    const words = { NAME: basename(folder), INSTALL: install.join(' '), START: start, TEST: test };
    const readme = join(place, 'README.md');
    writeFileSync(
      readme,
      readFileSync(readme, 'utf8').replaceAll(/\b(NAME|INSTALL|START|TEST)\b/g, (word) => words[word]),
    );
    mkdirSync(folder, { recursive: true });
    cpSync(place, folder, { recursive: true });
  } catch (error) {
    if (error instanceof Stop || error.code === undefined) throw error;
    throw new Stop(`The project could not be written: ${error.message}`);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function install(folder, [program, ...args]) {
  console.error('Installing the packages of the project');
  if (runTool(program, args, { cwd: folder }) === 0) return;
  const command = [program, ...args].join(' ');
  throw new Stop(
    `The packages could not be installed; see above. The project is in ${folder}: run \`${command}\` there once the registry is in reach.`,
  );
}

if (isMain(import.meta.url)) {
  await Stop.guard(() => {
    const asked = readArguments(process.argv.slice(2));
    const { folder, manager } = asked;
    checkFolder(folder);
    prepareSources();
    const commands = commandsOf(manager);
    make(asked, commands);
    if (asked.install) install(folder, commands.install);
    const steps = [`cd ${folder}`, ...(asked.install ? [] : [commands.install.join(' ')]), commands.start, commands.test];
    console.log(`The project is in ${folder}. Next:\n${steps.map((step) => `  ${step}`).join('\n')}`);
  });
}
