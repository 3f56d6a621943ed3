// Everything that has to be in place before anything of Temper runs: packages, compiled sources, native backend.
// Only what Node has built in is used here, and the compiled set-up once it is there.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Stop, isMain, root, runPnpm, runTool } from './tools.mjs';

const oldestNode = [20, 19];

/** Makes the checkout ready to run. Returns whether the native backend works, and the text that says so or says why not. */
export async function prepare({ force = false } = {}) {
  prepareSources();
  const { setupBackend } = await importSetup('setup-backend.js');
  const { createSetupPrinter, describeSetup } = await importSetup('printer.js');
  const report = await setupBackend({ force, report: createSetupPrinter(process.stderr) });
  return { native: report.native, text: describeSetup(report) };
}

/** Packages and compiled sources alone: what is needed to pack them. */
export function prepareSources() {
  checkNode();
  installPackages();
  compile();
}

const importSetup = (file) => import(pathToFileURL(join(root, 'packages/tensorflow/dist/setup', file)).href);

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Stop(`Node ${process.versions.node} is too old; Temper needs Node ${oldestNode.join('.')} or later.`);
}

/** Installs with pnpm where anything that decides about packages has changed since the last time. */
function installPackages() {
  const stamp = join(root, 'node_modules/.temper-installed');
  const wanted = describeDependencies();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing packages');
  // A terminal gets pnpm's progress; a log only what went wrong.
  const status = runPnpm(['install', ...(process.stderr.isTTY ? [] : ['--loglevel=warn'])]);
  if (status !== 0)
    throw new Stop(
      'The packages could not be installed; see above. Is the package registry in reach (network, proxy, `npm config get registry`)?',
    );
  writeFileSync(stamp, wanted);
}

/** A hash of the lockfile, the workspace and every package.json, and the Node it was installed for. */
function describeDependencies() {
  const folders = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').match(/^ {2}- .+$/gm) ?? [];
  const packages = folders
    .map((line) => line.slice(4))
    .flatMap((pattern) => (pattern.endsWith('/*') ? subfolders(pattern.slice(0, -2)) : [pattern]));
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...packages.map((name) => `${name}/package.json`)].map((name) =>
    join(root, name),
  );
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const file of files.filter(existsSync)) hash.update(readFileSync(file));
  return hash.digest('hex');
}

const subfolders = (name) =>
  existsSync(join(root, name))
    ? readdirSync(join(root, name))
        .sort()
        .map((child) => `${name}/${child}`)
    : [];

/** The compiler's status where it found mistakes in types and wrote JavaScript all the same. */
const emittedWithErrors = 2;

/** Compiles what has changed; the compiler itself knows what that is. */
function compile() {
  const status = runTool(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b']);
  if (status !== 0 && status !== emittedWithErrors) throw new Stop('The sources do not compile; see above.', 1);
}

if (isMain(import.meta.url)) {
  await Stop.guard(async () => {
    const { native, text } = await prepare({ force: process.argv.includes('--force') });
    if (!native) throw new Stop(text);
    console.error(text);
  });
}
