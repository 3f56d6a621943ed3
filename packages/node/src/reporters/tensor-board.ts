import { TemperError, tf, type Reporter, type RunEvent } from '@temper/core';
import { shellCommand } from '@temper/tensorflow/system';

type Writer = ReturnType<typeof import('@tensorflow/tfjs-node').node.summaryFileWriter>;

/**
 * Writes losses, temperatures, weights, learning rate and validation metrics for TensorBoard, through TensorFlow's own
 * summary writer: `tensorboard --logdir FOLDER` shows them. Needs the native backend, which is loaded by then.
 * @throws TemperError `environment/backend` at the run's start where the native backend is not in use.
 * @example kit.run(config, { reporters: [tensorBoard('runs/first/tensorboard')] })
 */
export function tensorBoard(folder: string): Reporter {
  let writer: Writer | undefined;
  const open = async (): Promise<Writer> => {
    if (tf.getBackend() !== 'tensorflow') {
      throw new TemperError({
        code: 'environment/backend',
        message: `TensorBoard's files in ${folder} need the native backend, and ${tf.getBackend()} is in use`,
        hint: `See what \`${shellCommand('doctor')}\` finds.`,
      });
    }
    const { node } = await import('@tensorflow/tfjs-node');
    return node.summaryFileWriter(folder);
  };
  return {
    name: 'tensorboard',
    async report(event) {
      const scalars = scalarsOf(event);
      if (event.type === 'run-start') writer = await open();
      else if (scalars !== undefined && writer !== undefined)
        for (const [name, value] of Object.entries(scalars.values)) writer.scalar(name, value, scalars.step);
      if (event.type === 'checkpoint') writer?.flush();
    },
    close: () => writer?.flush(),
  };
}

function scalarsOf(event: RunEvent): { readonly step: number; readonly values: Record<string, number> } | undefined {
  if (event.type === 'steps') {
    const { step, stage, loss, losses, scalars, stepsPerSecond } = event;
    const terms = Object.fromEntries(Object.entries(losses).map(([name, value]) => [`loss.${name}`, value]));
    return { step, values: prefixed(stage, { loss, stepsPerSecond, ...terms, ...scalars }) };
  }
  if (event.type === 'evaluation') return { step: event.step, values: prefixed(event.stage, prefixed(event.split, event.metrics)) };
  return undefined;
}

/** Adds a prefix with a slash, which makes a group in TensorBoard: one for each stage. */
const prefixed = (prefix: string, values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}/${name}`, value]));
