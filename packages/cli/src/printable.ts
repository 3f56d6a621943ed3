import { createRequire } from 'node:module';

/** `printable` of the core package, which is loaded when it is first needed: help and version do without it. */
export const printable = (text: string): string =>
  (createRequire(import.meta.url)('@temper/core') as typeof import('@temper/core')).printable(text);
