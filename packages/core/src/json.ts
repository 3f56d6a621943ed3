/** What survives `JSON.parse(JSON.stringify(value))` unchanged; the form of configs and strategy state. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
