import { readFileSync, readdirSync } from 'node:fs';

const folder = new URL('../packages/', import.meta.url);
const manifests = readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(new URL(`${name}/package.json`, folder), 'utf8'))]);

/** Each package, and the packages of this workspace that it depends on. */
export const packages = Object.fromEntries(
  manifests.map(([name, { dependencies = {}, peerDependencies = {} }]) => [
    name,
    Object.keys({ ...dependencies, ...peerDependencies })
      .filter((dependency) => dependency.startsWith('@temper/'))
      .map((dependency) => dependency.slice('@temper/'.length)),
  ]),
);

/** Whether a package needs Node: it depends on its native binding, or on a package that does. */
const needsNode = (name) =>
  '@tensorflow/tfjs-node' in (manifests.find(([known]) => known === name)?.[1].dependencies ?? {}) || packages[name].some(needsNode);

/** Packages that also run in browsers: no Node API, and no binding to one. */
export const browser = Object.keys(packages).filter((name) => !needsNode(name));
