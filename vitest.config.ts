import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Workspace packages are tested from their sources; everything else resolves as in Node.
const conditions = ['source', 'module', 'node', 'development|production'];
const setup = fileURLToPath(new URL('vitest.setup.ts', import.meta.url));
const built = ['./vitest.build.ts'];

const packages = readdirSync(fileURLToPath(new URL('packages', import.meta.url)));
/** Projects whose files do not change what a process shares (backends, the engine, kernels): they load TensorFlow once for each core. */
const shared = ['core', 'testing', 'schedules', 'losses', 'data', 'models', 'recipes', 'plots', 'experiments', 'report'];

const project = (name: string, include: readonly string[], timeout: number, globalSetup: string[] = []) => ({
  extends: true as const,
  test: {
    name,
    isolate: !shared.includes(name),
    include: [...include],
    exclude: ['**/node_modules/**', '**/dist/**'],
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
      project('examples', ['examples/**/*.test.ts'], 300_000, built),
      project('benchmarks', ['benchmarks/src/**/*.test.ts'], 60_000),
      project('lint', ['lint/**/*.test.ts'], 60_000),
      project('docs', ['docs/**/*.test.ts', 'scripts/scripts.test.ts'], 120_000),
      // Projects outside of the checkout, from packed packages.
      project('projects', ['scripts/new-project.test.ts'], 60_000, built),
    ],
  },
});
