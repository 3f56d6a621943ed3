import { tf } from '#libraries';

/**
 * Runs what makes a network, and disposes the tensors and variables that it has made where it fails: TensorFlow.js leaves them behind.
 * Whatever makes tensors in `make` has to do so before it first waits, so that none of another program's are among them.
 * @param used The variables that the network has of those made; the others are disposed. Default: all.
 */
export async function disposedUnlessMade<T>(make: () => T | Promise<T>, used?: (made: T) => ReadonlySet<tf.Tensor>): Promise<T> {
  const engine = tf.engine();
  const before = new Set(Object.values(engine.state.registeredVariables));
  engine.startScope();
  let making: Promise<T>;
  try {
    making = Promise.resolve(make());
  } catch (error) {
    making = Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }
  const tensors = [...engine.state.activeScope.track];
  const variables = Object.values(engine.state.registeredVariables).filter((one) => !before.has(one));
  engine.endScope(tensors);
  try {
    const made = await making;
    const kept = used?.(made);
    if (kept !== undefined) tf.dispose(variables.filter((one) => !kept.has(one)));
    return made;
  } catch (error) {
    for (const one of [...tensors, ...variables]) if (!one.isDisposed) one.dispose();
    throw error;
  }
}
