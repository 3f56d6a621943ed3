import { TemperError } from '@temper/core';
import { toolEnvironment } from './tool-environment.js';

/** Returns the C++ compiler in `CXX`, or the first usual one that runs, with the first line of its version. */
export async function findCompiler(
  env: NodeJS.ProcessEnv,
): Promise<{ readonly command: readonly [string, ...string[]]; readonly about: string }> {
  const { execa } = await import('execa');
  const named = env.CXX?.trim();
  for (const words of named ? [named] : ['g++', 'c++', 'clang++']) {
    const [program = '', ...args] = words.split(/\s+/);
    const result = await execa(program, [...args, '--version'], {
      env: toolEnvironment(env),
      extendEnv: false,
      reject: false,
      timeout: 20_000,
    });
    if (result.exitCode === 0) return { command: [program, ...args], about: result.stdout.split('\n')[0] ?? words };
  }
  throw new TemperError({
    code: 'environment/backend',
    message: named
      ? `the C++ compiler that CXX names does not run: ${named}`
      : 'no C++ compiler is installed (g++, c++, clang++); it compiles the native binding',
    hint: 'Install one: `apt install g++`, `dnf install gcc-c++`, or `xcode-select --install`.',
  });
}
