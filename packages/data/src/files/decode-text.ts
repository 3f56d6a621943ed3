import { invalid } from './invalid.js';

/** The text in a file's bytes, without a byte order mark. */
export function decodeText(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalid(source, 'is not text in UTF-8', 'Save it as plain text or CSV in UTF-8; a spreadsheet or document has to be exported first.', cause);
  }
}
