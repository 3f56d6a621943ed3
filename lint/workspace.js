import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../packages/', import.meta.url);
const manifests = readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(new URL(`${name}/package.json`, folder), 'utf8'))]);

/** The packages of this workspace among some dependencies. */
const within = (...dependencies) =>
  dependencies
    .flatMap((list = {}) => Object.keys(list))
    .filter((name) => name.startsWith('@temper/'))
    .map((name) => name.slice('@temper/'.length));

/** Each package, and the packages that it depends on; tests may also use those it is developed with. */
export const packages = Object.fromEntries(
  manifests.map(([name, { dependencies, peerDependencies }]) => [name, within(dependencies, peerDependencies)]),
);
export const inTests = Object.fromEntries(
  manifests.map(([name, { dependencies, peerDependencies, devDependencies }]) => [
    name,
    within(dependencies, peerDependencies, devDependencies),
  ]),
);

/** Whether a package needs Node: it depends on its native binding, or on a package that does. */
const needsNode = (name) =>
  '@tensorflow/tfjs-node' in (manifests.find(([known]) => known === name)?.[1].dependencies ?? {}) || packages[name].some(needsNode);

/** Packages that also run in browsers: no Node API, and no binding to one. */
export const browser = Object.keys(packages).filter((name) => !needsNode(name));
