import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Workspace packages are tested from their sources; everything else resolves as in Node.
const conditions = ['source', 'module', 'node', 'development|production'];
const setup = fileURLToPath(new URL('vitest.setup.ts', import.meta.url));
const built = ['./vitest.build.ts'];

const packages = readdirSync(fileURLToPath(new URL('packages', import.meta.url)));
/** Projects whose files do not change what a process shares (backends, the engine, kernels): they load TensorFlow once for each core. */
const shared = [
  'core',
  'testing',
  'schedules',
  'losses',
  'data',
  'models',
  'recipes',
  'plots',
  'experiments',
  'report',
  'node',
  'tensorflow',
];
/**
 * Files of these packages that do change it: the backend in use, the environment, registered kernels, loaded add-ons. Each runs in a
 * process of its own, in the project NAME-alone.
 */
const alone: Readonly<Record<string, readonly string[]>> = {
  node: ['kit-backend', 'long-run', 'plugin', 'networks/network-loader', 'networks/saved-models', 'networks/saved-sizes'],
  tensorflow: [
    'backend/load-backend',
    'backend/register-kernels',
    'engine/engine-errors',
    'engine/noise-layers',
    'graph/session',
    'kernels/fuse',
    'setup/tool-environment',
  ],
};
const filesAlone = (name: string): string[] => (alone[name] ?? []).map((file) => `packages/${name}/src/${file}.test.ts`);

const project = (name: string, include: readonly string[], timeout: number, globalSetup: string[] = []) => ({
  extends: true as const,
  test: {
    name,
    isolate: !shared.includes(name),
    include: [...include],
    exclude: ['**/node_modules/**', '**/dist/**', ...filesAlone(name)],
    testTimeout: timeout,
    hookTimeout: 120_000,
    globalSetup,
  },
});

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Classes as plug-ins: constructor parameters marked with @inject.
  oxc: { decorator: { legacy: true } },
  test: {
    // The native binding does not survive worker threads.
    pool: 'forks',
    // Half of a test file is loading and JavaScript on one core, so a worker for each core pays even beside TensorFlow's threads.
    maxWorkers: '100%',
    setupFiles: [setup],
    projects: [
      ...packages.map((name) => project(name, [`packages/${name}/src/**/*.test.ts`], 60_000, name === 'cli' ? built : [])),
      ...Object.keys(alone).map((name) => project(`${name}-alone`, filesAlone(name), 60_000)),
      project('examples', ['examples/**/*.test.ts'], 300_000, built),
      project('benchmarks', ['benchmarks/src/**/*.test.ts'], 60_000),
      project('lint', ['lint/**/*.test.ts'], 60_000),
      project('docs', ['docs/**/*.test.ts', 'scripts/scripts.test.ts'], 120_000),
      // Projects outside of the checkout, from packed packages.
      project('projects', ['scripts/new-project.test.ts'], 60_000, built),
    ],
  },
});
