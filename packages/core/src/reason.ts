/** Returns the text of an error. Any value may be thrown, also values without a text. */
export function reasonOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'a thrown value without a text';
  }
}
