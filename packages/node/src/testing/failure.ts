/** What a promise is rejected with; that it is not is an error. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => Promise.reject(new Error('did not fail')),
    (error: unknown) => error,
  );
