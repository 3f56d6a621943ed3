/** A value that `JSON.parse(JSON.stringify(value))` does not change; the form of configs and strategy state. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
