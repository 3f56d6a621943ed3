/** Returns what an error says. Any value may be thrown, among them values that have no text. */
export function reasonOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'a thrown value without a text';
  }
}
