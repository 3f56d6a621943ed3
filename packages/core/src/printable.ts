/** Control characters, line and paragraph separators, and characters that change the direction of text; not the line feed. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Returns a text from outside (a config, a file) in a form that is safe to print: a character that would move the cursor,
 * change colors or reverse the text appears as its escape sequence.
 * @example printable('a\u001b[31mb') // 'a\\u001b[31mb'
 */
export const printable = (text: string): string =>
  text.replace(unprintable, (character) => (character === '\t' ? ' ' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));

/**
 * Returns a text of at most `most` characters: the middle of a longer one is left out.
 * @example shorten('abcdefghij', 7) // 'abcd…ij'
 */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = Math.floor((most - 1) / 3);
  return `${text.slice(0, most - 1 - end)}…${text.slice(text.length - end)}`;
}
