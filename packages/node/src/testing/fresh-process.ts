import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { onTestFinished } from 'vitest';

const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles a program in this folder from the workspace's sources, for processes of their own. The file lies inside
 * the package and leaves the native parts out, so that both are found as an installed package finds them.
 */
export async function compileProgram(program: string): Promise<string> {
  const input = fileURLToPath(new URL(program, import.meta.url));
  const file = join(packageFolder, `node_modules/.cache/temper-tests/${basename(program, '.ts')}-${process.pid}.mjs`);
  const conditionNames = ['source', 'import', 'node', 'default'];
  const build = await rolldown({ input, platform: 'node', external: /^@tensorflow\//, resolve: { conditionNames }, logLevel: 'silent' });
  await build.write({ file, format: 'esm', codeSplitting: false });
  await build.close();
  onTestFinished(() => rm(file, { force: true }));
  return file;
}

/** Starts a compiled program in a Node of its own. */
export const startProgram = (
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  nodeArgs: readonly string[] = [],
): ChildProcess => spawn(process.execPath, [...nodeArgs, file, ...args], { stdio: 'pipe', env });
