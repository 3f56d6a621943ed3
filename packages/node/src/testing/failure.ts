/** Returns the reason of a rejected promise; a promise that is fulfilled is an error. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => Promise.reject(new Error('did not fail')),
    (error: unknown) => error,
  );
