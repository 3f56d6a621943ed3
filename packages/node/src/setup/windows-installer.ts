import { TemperError } from '@temper/core';
import { archiveAnswers } from './archive-library.js';
import type { Archive } from './archives.js';
import type { SetupReporter } from './events.js';
import type { TfjsNode } from './tfjs-node.js';

/**
 * On Windows tfjs-node's own installer does it: its archive holds a compiled binding, and there is no wheel to
 * compile one against. It waits for ever where its server is blocked, so the server is asked first.
 */
export async function runWindowsInstaller(target: TfjsNode, archive: Archive, env: NodeJS.ProcessEnv, report: SetupReporter): Promise<void> {
  if (!(await archiveAnswers(archive))) {
    throw new TemperError({
      code: 'environment/backend',
      message: `the official TensorFlow archive at ${new URL(archive.url).host} cannot be had, and on Windows there is no other way`,
      hint: 'TFJS_NODE_CDN_STORAGE may name a mirror; in WSL (Windows Subsystem for Linux) the way over Python works.',
    });
  }
  report({ type: 'step', message: `Installing TensorFlow ${archive.version} with tfjs-node's own installer` });
  const { execa } = await import('execa');
  const result = await execa(process.execPath, ['scripts/install.js'], { cwd: target.folder, env, extendEnv: false, reject: false, all: true });
  if (result.exitCode === 0) return;
  throw new TemperError({ code: 'environment/backend', message: `tfjs-node's installer failed: ${result.all.split('\n').at(-1) ?? ''}`, hint: 'See WINDOWS_TROUBLESHOOTING.md in @tensorflow/tfjs-node.' });
}
