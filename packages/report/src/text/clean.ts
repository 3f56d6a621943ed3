import { printable, shorten } from '@temper/core';

/** Unpaired surrogates, which a file in UTF-8 cannot contain. */
const halves = /\p{Surrogate}/gu;

/** Returns a text from configs or data without control characters, on one line. */
export const clean = (text: string): string => printable(text.replace(halves, '\ufffd').replace(/\s*\n\s*/g, ' '));

/** Returns a text from configs or data as a name in tables and legends: on one line, and shortened. */
export const nameOf = (text: string, most = 60): string => shorten(clean(text), most);
