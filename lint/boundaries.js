import { builtinModules } from 'node:module';
import { browser, inTests, packages } from './workspace.js';

const names = Object.keys(packages);
/** Tests, and what they share. */
const tests = ['**/*.test.ts', '**/fixtures.ts', '**/fixtures/**', 'packages/*/src/testing/**'];

const deepImport = {
  regex: '^@temper/[^/]+/(?!(svg|terminal|files|reporters|screen|shell|system)$)',
  message: 'Import what the package exports, not a file inside it.',
};
const relativeImport = {
  regex: `^(\\.\\./)+(packages/)?(${names.join('|')})/(src|dist)/`,
  message: 'Import another package by its name.',
};

/** What a package may not import because it does not depend on it. */
const others = (name, allowed) => ({
  regex: `^@temper/(${names.filter((other) => other !== name && !allowed.includes(other)).join('|')})(/|$)`,
  message: `Package ${name} may import ${allowed.length === 0 ? 'no other package' : `only ${allowed.join(', ')}`}.`,
});
const itself = (name) => ({ regex: `^@temper/${name}(/|$)`, message: 'Inside a package, import the file itself.' });

const nodeOnly = {
  regex: `^(node:|@tensorflow/tfjs-node|(${builtinModules.filter((module) => !module.startsWith('_')).join('|')})(/|$))`,
  message: 'This package also runs in browsers: no Node API here, ask for a service by token instead.',
};
const nodeGlobals = ['process', 'Buffer', 'global', '__dirname', '__filename', 'require'].map((name) => ({
  name,
  message: nodeOnly.message,
}));

const restrict = (files, ignores, patterns) => ({
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

/**
 * Import boundaries: a package imports what its package.json depends on, and nothing else. Tests may use Node and the native
 * backend; examples, docs and benchmarks may use every package, by what its index exports. Circles and the rooms of the
 * training loop are the business of rooms.js.
 */
export const boundaries = [
  restrict(['**/*.{ts,js,mjs}'], [], [deepImport, relativeImport]),
  ...names.flatMap((name) => {
    const always = [itself(name), deepImport, relativeImport];
    const source = `packages/${name}/src/**/*.ts`;
    return [
      restrict([source], [], [others(name, inTests[name]), ...always]),
      restrict([source], tests, [others(name, packages[name]), ...always, ...(browser.includes(name) ? [nodeOnly] : [])]),
    ];
  }),
  {
    files: browser.map((name) => `packages/${name}/src/**/*.ts`),
    ignores: tests,
    rules: { 'no-restricted-globals': ['error', ...nodeGlobals] },
  },
];
