import { printable, shorten } from '@temper/core';

/** Halves of characters, which no file in UTF-8 can hold. */
const halves = /\p{Surrogate}/gu;

/** A text from configs or data without control characters, on one line. */
export const clean = (text: string): string => printable(text.replace(halves, '\ufffd').replace(/\s*\n\s*/g, ' '));

/** A text from configs or data as a name in tables and legends: on one line, and not longer than a name is. */
export const nameOf = (text: string, most = 60): string => shorten(clean(text), most);
