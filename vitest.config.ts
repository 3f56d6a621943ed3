import { defineConfig } from 'vitest/config';

const packages = ['core', 'schedules', 'losses', 'data', 'models', 'node', 'cli'];
// Workspace packages are tested from their sources; everything else resolves as in Node.
const conditions = ['source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // The native binding does not survive worker threads.
    pool: 'forks',
    projects: [
      ...packages.map((name) => ({
        extends: true as const,
        test: { name, include: [`packages/${name}/src/**/*.test.ts`], testTimeout: 60_000, hookTimeout: 120_000 },
      })),
      { extends: true as const, test: { name: 'examples', include: ['examples/**/*.test.ts'], exclude: ['**/node_modules/**', '**/dist/**'], testTimeout: 300_000 } },
      { extends: true as const, test: { name: 'lint', include: ['lint/**/*.test.ts'], testTimeout: 60_000 } },
      { extends: true as const, test: { name: 'docs', include: ['docs/**/*.test.ts', 'scripts/**/*.test.ts'], exclude: ['**/node_modules/**'], testTimeout: 120_000 } },
    ],
  },
});
