// `npm run pack -- [FOLDER]`: writes the packages as they would be published, for projects outside of the checkout.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { prepareSources } from './prepare.mjs';
import { Stop, isMain, pnpmSettings, root, runPnpm } from './tools.mjs';

/** Packs every package into a folder. Returns the name, version and file name of each. */
export function pack(folder) {
  mkdirSync(folder, { recursive: true });
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  for (const one of packages) removeOutdated(join(one, 'dist'), join(one, 'src'));
  const status = runPnpm(['--filter', './packages/*', 'pack', '--pack-destination', folder], { quiet: true });
  if (status !== 0) throw new Stop('The packages could not be packed; see above.', 1);
  return packages.map((one) => {
    const { name, version } = JSON.parse(readFileSync(join(one, 'package.json'), 'utf8'));
    return { name, version, file: `${name.replace('@', '').replace('/', '-')}-${version}.tgz` };
  });
}

/**
 * What to type in a project. The packages depend on each other, and pnpm looks for those in a registry unless it is told where they are.
 */
function howToInstall(folder, packages) {
  const places = Object.fromEntries(packages.map(({ name, file }) => [name, `file:${join(folder, file)}`]));
  return `
In a project of npm: npm install --ignore-scripts ${folder}${sep}*.tgz
In one of pnpm: pnpm add @temper/cli @temper/core, after these lines of its pnpm-workspace.yaml:

${pnpmSettings(places)}
Then: npx temper setup`;
}

const compiled = /(\.d)?\.([cm]?)[jt]s(\.map)?$/;

/** Removes what was compiled from a source that is no more: the compiler leaves it, and it would be packed. */
function removeOutdated(dist, src) {
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !compiled.test(entry.name)) continue;
    const source = join(src, relative(dist, path).replace(compiled, '.$2ts'));
    if (!existsSync(source)) rmSync(path);
  }
}

if (isMain(import.meta.url)) {
  await Stop.guard(() => {
    prepareSources();
    const folder = resolve(process.env.INIT_CWD ?? '', process.argv.slice(2).find((word) => word !== '--') ?? join(root, 'packed'));
    const packages = pack(folder);
    for (const { file } of packages) console.log(join(folder, file));
    console.error(howToInstall(folder, packages));
  });
}
