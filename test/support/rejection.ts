/** The error a promise was rejected with; undefined when it was fulfilled, so that a test can tell. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error;
  }
}
