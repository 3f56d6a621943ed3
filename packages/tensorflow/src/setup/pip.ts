import { TemperError } from '@temper/core';
import { isolated, toolEnvironment } from './tool-environment.js';

/** Returns the first Python that has pip. It only downloads a file; any version of Python 3 is sufficient. */
export async function findPip(env: NodeJS.ProcessEnv): Promise<string> {
  let python: string | undefined;
  for (const command of ['python3', 'python']) {
    if ((await pipVersion(command, env)) !== undefined) return command;
    if (python === undefined && (await answers(command, [isolated, '--version'], env)) !== undefined) python = command;
  }
  throw new TemperError({
    code: 'environment/backend',
    message:
      python === undefined
        ? 'Python is not installed; its pip downloads the TensorFlow library'
        : `${python} has no pip, which downloads the TensorFlow library`,
    hint: 'Install it: `apt install python3-pip`, `dnf install python3-pip`, `brew install python`, or `python3 -m ensurepip`.',
  });
}

/** Returns `pip 23.2.1` of a Python, or undefined where it does not run. */
export async function pipVersion(python: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return /^pip \S+/.exec((await answers(python, [isolated, '-m', 'pip', '--version'], env)) ?? '')?.[0];
}

async function answers(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { execa } = await import('execa');
  const result = await execa(command, args, { env: toolEnvironment(env), extendEnv: false, reject: false, timeout: 20_000 });
  return result.exitCode === 0 ? result.stdout : undefined;
}
