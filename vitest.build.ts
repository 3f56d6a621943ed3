import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

/** The compiler's status where it found mistakes and wrote JavaScript all the same. */
const emittedWithErrors = 2;

/**
 * Builds all packages for tests that run the command, so that they never see an old build; a second where nothing
 * changed. Mistakes in types are shown here and refused by `npm run types`.
 */
export function setup(): void {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '-b'], { cwd: import.meta.dirname, stdio: 'inherit' });
  if (status !== 0 && status !== emittedWithErrors) throw new Error(`tsc -b ended with status ${status}`);
}
