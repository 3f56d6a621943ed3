import { invalid } from './invalid.js';

/** The text in a file's bytes, without a byte order mark: UTF-8, or UTF-16 if a byte order mark says so. */
export function decodeText(bytes: Uint8Array, source: string): string {
  try {
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch (cause) {
    throw notText(source, cause);
  }
  throw notText(source);
}

/** The encoding of a text that begins with these bytes. */
export function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

export const notText = (source: string, cause?: unknown): Error =>
  invalid(source, 'is not text in UTF-8', 'Save it as plain text or CSV in UTF-8; export a spreadsheet or document first.', cause);
