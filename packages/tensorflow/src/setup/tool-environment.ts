import { delimiter, isAbsolute } from 'node:path';

/**
 * The environment for programs that the set-up starts: what is named relative to the working folder (an empty entry of PATH, ".",
 * "bin") is left out of PATH, so that a folder somebody else has filled cannot bring its own python3 or g++.
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
  // Without it Windows looks into the working folder before all of PATH.
  return { ...env, ...Object.fromEntries(safe), NoDefaultCurrentDirectoryInExePath: '1' };
}

/** Isolated: no module of the working folder, of PYTHONPATH or of PYTHONHOME takes the place of Python's own or of pip. */
export const isolated = '-I';
