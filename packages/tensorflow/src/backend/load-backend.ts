import { createRequire } from 'node:module';
import { TemperError } from '@temper/core';
import * as tf from '@tensorflow/tfjs-core';
import { firstSentence } from '../setup/probe.js';
import { shellCommand } from '../system/shell-command.js';
import { allowedKernels } from './kernel-level.js';
import { restoreLegacyUtil } from './legacy-util.js';
import { registerKernels } from './register-kernels.js';
import { askForOneDnn, givenOneDnn, oneDnnLost, usesOneDnn, type BindingOneDnn } from './one-dnn.js';

/** A slower or missing part, with its remedy. */
export interface BackendWarning {
  readonly code: 'not-native' | 'onednn-off';
  readonly message: string;
  readonly hint: string;
}

/** The active tfjs backend. */
export interface BackendReport {
  /** Its name in tfjs: `tensorflow` is the native one. */
  readonly name: 'tensorflow' | 'cpu';
  readonly native: boolean;
  /** The version of TensorFlow, or of the JavaScript backend. */
  readonly version: string;
  /** Whether TensorFlow computes with oneDNN; absent for the JavaScript backend, and where it cannot be known. */
  readonly oneDnn?: boolean;
  /** The reason for this backend. */
  readonly reason: string;
  readonly warnings: readonly BackendWarning[];
}

/** The values of `TEMPER_BACKEND`, which code may also pass. */
export type BackendChoice = 'native' | 'cpu' | 'auto';

const choices: readonly string[] = ['native', 'cpu', 'auto'];

/** Returns the choice of `TEMPER_BACKEND`. Throws `environment/backend` for any value except native, cpu and auto. */
export function chosenBackend(env: NodeJS.ProcessEnv = process.env): BackendChoice {
  const given = env.TEMPER_BACKEND || 'auto';
  if (choices.includes(given)) return given as BackendChoice;
  throw new TemperError({
    code: 'environment/backend',
    message: `TEMPER_BACKEND must be native, cpu or auto, got "${given}"`,
    hint: 'Leave it unset to use the fastest backend that works.',
  });
}

/**
 * Loads the native backend, or where it does not work the one in JavaScript, and says which and why. WebAssembly
 * is no choice: its backend has no gradient of a convolution's filter, so it cannot train.
 * Throws `environment/backend` where the native one is asked for and does not load, or where `TEMPER_KERNELS` has no meaning.
 * @example
 * const { native, warnings } = await loadBackend();
 */
export async function loadBackend(choice: BackendChoice = chosenBackend()): Promise<BackendReport> {
  if (choice === 'cpu') return loadCpu('it was requested', []);
  allowedKernels();
  try {
    return await loadNative();
  } catch (cause) {
    const problem = firstSentence(cause instanceof Error ? cause.message : String(cause));
    const hint = `Run the set-up (\`${shellCommand('setup')}\`), or see what \`${shellCommand('doctor')}\` finds.`;
    if (choice === 'native')
      throw new TemperError({ code: 'environment/backend', message: `the native backend does not load: ${problem}`, hint, cause });
    const message =
      'The native TensorFlow backend does not load; training runs in JavaScript, some 30 times (dense layers) to 500 times ' +
      '(convolutions) slower, and steps are not compiled.';
    return loadCpu(`the native backend does not load: ${problem}`, [{ code: 'not-native', message, hint }]);
  }
}

/** Sets the variables that the native library reads while it is loaded; later they have no effect. */
export function prepareProcess(): void {
  restoreLegacyUtil();
  // TensorFlow prints its processor features at every start; errors are still printed.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  askForOneDnn();
}

async function loadNative(): Promise<BackendReport> {
  if (tf.findBackendFactory('tensorflow') === null) prepareProcess();
  // `import` would first parse all of tfjs for its exported names, which takes a quarter of the time.
  createRequire(import.meta.url)('@tensorflow/tfjs-node');
  await useBackend('tensorflow');
  registerKernels();
  const { binding } = tf.backend() as unknown as { readonly binding: { readonly TF_Version: string } };
  const oneDnn = nativeOneDnn();
  return {
    name: 'tensorflow',
    native: true,
    version: binding.TF_Version,
    ...(oneDnn === undefined ? {} : { oneDnn }),
    reason: 'the native backend loads',
    warnings: lostOneDnn(oneDnn),
  };
}

/** Returns whether the native library in this process uses oneDNN; undefined where that is not known. */
export const nativeOneDnn = (): boolean | undefined =>
  usesOneDnn((tf.backend() as unknown as { readonly binding: BindingOneDnn }).binding, process.env);

/** Returns a warning where oneDNN is off and the user has not turned it off. */
export const lostOneDnn = (oneDnn = nativeOneDnn()): readonly BackendWarning[] =>
  oneDnn === false && givenOneDnn(process.env) !== false ? [oneDnnLost()] : [];

async function loadCpu(reason: string, warnings: readonly BackendWarning[]): Promise<BackendReport> {
  const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu');
  // tfjs-core has no gradients on Node; this package registers them.
  await import('@tensorflow/tfjs-layers');
  await useBackend('cpu');
  // Its first tensor would print an advertisement for tfjs-node; the warning above says more.
  Object.assign(tf.backend(), { firstUse: false });
  return { name: 'cpu', native: false, version, reason, warnings };
}

async function useBackend(name: string): Promise<void> {
  if (!(await tf.setBackend(name)))
    throw new TemperError({ code: 'environment/backend', message: `tfjs cannot start its backend "${name}"` });
  await tf.ready();
}
