import { createRequire } from 'node:module';
import { TemperError } from '@temper/core';
import * as tf from '@tensorflow/tfjs-core';
import { firstSentence } from '../setup/probe.js';
import { shellCommand } from '../system/shell-command.js';
import { allowedKernels } from './kernel-level.js';
import { restoreLegacyUtil } from './legacy-util.js';
import { registerKernels } from './register-kernels.js';
import { askForOneDnn, givenOneDnn, oneDnnLost, usesOneDnn, type BindingOneDnn } from './one-dnn.js';

/** What is slower or missing, and what to do about it. */
export interface BackendWarning {
  readonly code: 'not-native' | 'onednn-off';
  readonly message: string;
  readonly hint: string;
}

/** The tfjs backend that is in use from now on. */
export interface BackendReport {
  /** tfjs's name of it: `tensorflow` is the native one. */
  readonly name: 'tensorflow' | 'cpu';
  readonly native: boolean;
  /** Of TensorFlow, or of the JavaScript backend. */
  readonly version: string;
  /** Whether TensorFlow computes with oneDNN; absent for the JavaScript backend, and where it cannot be known. */
  readonly oneDnn?: boolean;
  /** Why it is this one. */
  readonly reason: string;
  readonly warnings: readonly BackendWarning[];
}

/** What may be asked for, in code or by `TEMPER_BACKEND`. */
export type BackendChoice = 'native' | 'cpu' | 'auto';

const choices: readonly string[] = ['native', 'cpu', 'auto'];

/** The choice that `TEMPER_BACKEND` makes. Throws `environment/backend` for anything but native, cpu and auto. */
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

/** Sets what the native library reads while it is loaded; afterwards it has no effect. */
export function prepareProcess(): void {
  restoreLegacyUtil();
  // TensorFlow announces its processor features on every start; errors still show.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  askForOneDnn();
}

async function loadNative(): Promise<BackendReport> {
  if (tf.findBackendFactory('tensorflow') === null) prepareProcess();
  // `import` would look for the names that it exports first, in all of tfjs, which takes a quarter of the time.
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

/** Whether the native library in this process uses oneDNN; undefined where that cannot be known. */
export const nativeOneDnn = (): boolean | undefined =>
  usesOneDnn((tf.backend() as unknown as { readonly binding: BindingOneDnn }).binding, process.env);

/** A warning where oneDNN is off and nobody has asked for that. */
export const lostOneDnn = (oneDnn = nativeOneDnn()): readonly BackendWarning[] =>
  oneDnn === false && givenOneDnn(process.env) !== false ? [oneDnnLost()] : [];

async function loadCpu(reason: string, warnings: readonly BackendWarning[]): Promise<BackendReport> {
  const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu');
  // tfjs-core alone knows no gradients on Node; this package registers them.
  await import('@tensorflow/tfjs-layers');
  await useBackend('cpu');
  // Its first tensor prints an advertisement for tfjs-node; the warning above says more.
  Object.assign(tf.backend(), { firstUse: false });
  return { name: 'cpu', native: false, version, reason, warnings };
}

async function useBackend(name: string): Promise<void> {
  if (!(await tf.setBackend(name)))
    throw new TemperError({ code: 'environment/backend', message: `tfjs cannot start its backend "${name}"` });
  await tf.ready();
}
