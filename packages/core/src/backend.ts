import { tf } from '#libraries';
import { TemperError } from './errors.js';

/**
 * Refuses to start without a backend, with a message that names the remedy. `hint` is the remedy.
 * @throws TemperError `environment/backend`.
 */
export function requireBackend(hint = forRuns): void {
  if (Object.keys(tf.engine().registryFactory).length > 0) return;
  throw new TemperError({
    code: 'environment/backend',
    message: 'no TensorFlow.js backend is loaded',
    hint,
  });
}

const forRuns =
  "In Node add node() to plugins (import { node } from '@temper/node'): it loads the fastest backend. " +
  "In a browser import '@tensorflow/tfjs-backend-webgl' or '@tensorflow/tfjs-backend-cpu' before the run.";

/** Warns about the JavaScript backend where no plug-in has looked for a faster one. */
export async function backendWarnings(): Promise<readonly string[]> {
  // A backend that is only imported is started by the first tensor, or here.
  await tf.ready();
  if (tf.getBackend() !== 'cpu') return [];
  const remedy =
    "In Node add node() to plugins (import { node } from '@temper/node'); in a browser import " +
    "'@tensorflow/tfjs-backend-webgl' before the run.";
  return [`training runs in JavaScript (tfjs backend "cpu"), the slowest backend\n  ${remedy}`];
}
