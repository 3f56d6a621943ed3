import { delimiter, isAbsolute } from 'node:path';

/**
 * Returns the environment for programs that the set-up starts: entries of PATH relative to the working folder (an empty entry, ".",
 * "bin") are removed, so that files in the working folder cannot replace python3 or g++.
 */
export function toolEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const paths = Object.entries(env).filter(([name]) => name.toUpperCase() === 'PATH');
  const safe = paths.map(([name, value]) => [
    name,
    (value ?? '')
      .split(delimiter)
      .filter((folder) => isAbsolute(folder))
      .join(delimiter),
  ]);
  // Without this variable Windows searches the working folder before PATH.
  return { ...env, ...Object.fromEntries(safe), NoDefaultCurrentDirectoryInExePath: '1' };
}

/** Isolates Python: no module of the working folder, of PYTHONPATH or of PYTHONHOME replaces Python's own modules or pip. */
export const isolated = '-I';
