import { builtinModules } from 'node:module';

/** Each package and the packages it may import: an import goes only downwards. */
const layers = {
  core: [],
  schedules: ['core'],
  losses: ['core'],
  data: ['core'],
  models: ['core'],
  recipes: ['core', 'schedules', 'losses', 'models'],
  node: ['core', 'schedules', 'losses', 'data', 'models', 'recipes'],
  cli: ['core', 'schedules', 'losses', 'data', 'models', 'recipes', 'node'],
};

/** Packages that also run in browsers: no Node API, and no binding to one. */
const browser = ['core', 'schedules', 'losses', 'data', 'models', 'recipes'];

const names = Object.keys(layers);
const tests = '**/*.test.ts';

const deepImport = {
  regex: '^@temper/[^/]+/(?!(testing|plot|files|reporters|screen|shell)$)',
  message: 'Import what the package exports, not a file inside it.',
};
const relativeImport = {
  regex: `^(\\.\\./)+(packages/)?(${names.join('|')})/(src|dist)/`,
  message: 'Import another package by its name.',
};

/** What a package may not import because it stands above it or beside it. */
const upwards = (name) => ({
  regex: `^@temper/(${names.filter((other) => other !== name && !layers[name].includes(other)).join('|')})(/|$)`,
  message: `Package ${name} may import ${layers[name].length === 0 ? 'no other package' : `only ${layers[name].join(', ')}`}.`,
});
const itself = (name) => ({ regex: `^@temper/${name}(/|$)`, message: 'Inside a package, import the file itself.' });

const nodeOnly = {
  regex: `^(node:|@tensorflow/tfjs-node|(${builtinModules.filter((module) => !module.startsWith('_')).join('|')})(/|$))`,
  message: 'This package also runs in browsers: no Node API here, ask for a service by token instead.',
};
const nodeGlobals = ['process', 'Buffer', 'global', '__dirname', '__filename', 'require'].map((name) => ({ name, message: nodeOnly.message }));

const restrict = (files, ignores, patterns) => ({
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

/**
 * Import boundaries: cli → node → recipes → {data, models, schedules, losses} → core. Tests may use Node and the native
 * backend; examples, docs and benchmarks may use every package, by what its index exports.
 */
export const boundaries = [
  restrict(['**/*.{ts,js,mjs}'], [], [deepImport, relativeImport]),
  ...names.flatMap((name) => {
    const always = [upwards(name), itself(name), deepImport, relativeImport];
    const source = `packages/${name}/src/**/*.ts`;
    return [
      restrict([source], [], always),
      ...(browser.includes(name) ? [restrict([source], [tests], [...always, nodeOnly])] : []),
    ];
  }),
  {
    files: browser.map((name) => `packages/${name}/src/**/*.ts`),
    ignores: [tests],
    rules: { 'no-restricted-globals': ['error', ...nodeGlobals] },
  },
];
